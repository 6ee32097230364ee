import type { JsonObject } from '../../../common/parse-json';
import { toStorable } from '../../../common/storable-text';
import type { SourceFrame } from '../../../errors/occurrence-context';
import { isLibraryCode } from '../../../fingerprints/crash-place';
import { noteExceeded } from './budget';
import { type Bounds, copyObject } from './copy-value';
import {
  cutText,
  noteCut,
  readBoolean,
  readList,
  readObject,
  readPlace,
  readText,
  readWord,
} from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import type { Reading } from './reading';
import type { Scrubber } from '../scrub/scrubber';

/** A frame as it came, and as it is shown. */
export interface ReadFrame {
  filename: string | null;
  absPath: string | null;
  module: string | null;
  /** a library or executable, of native code */
  package: string | null;
  /** `0x…`, of native code */
  address: string | null;
  /** where it differs from that of the event */
  platform: string | null;
  inApp: boolean | null;
  /** of the JVM: without a source */
  isNative: boolean;
  shown: SourceFrame;
}

export interface Stack {
  /** newest call first */
  frames: ReadFrame[];
  /** how many calls are left out after the newest `KEPT_ON_EACH_END` */
  omitted: number;
}

/** Of more frames than twice this, the newest and the oldest are kept: those of a recursion are all the same. */
export const KEPT_ON_EACH_END = 125;

const LONGEST_FILE = 1_000;
const LONGEST_NAME = 500;
const LONGEST_LINE = 500;
const LINES_AROUND = 5;
const VARIABLES: Bounds = { longest: 1_024, members: 100, depth: 6 };

/** Reads `{frames}`, whose oldest call comes first. */
export function readStack(stacktrace: unknown, reading: Reading): Stack {
  const list = readList(Array.isArray(stacktrace) ? stacktrace : readObject(stacktrace)?.frames);
  const omitted = Math.max(0, list.length - 2 * KEPT_ON_EACH_END);
  const kept = omitted > 0 ? [...list.slice(0, KEPT_ON_EACH_END), ...list.slice(-KEPT_ON_EACH_END)] : list;
  const frames: ReadFrame[] = [];
  const sent: JsonObject[] = [];
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const frame = readObject(kept[index]);
    if (frame === null) continue;
    sent.push(frame);
    frames.push(readFrame(frame, reading));
  }
  if (omitted > 0) reading.cut.add('frames');
  addVariables(frames, sent, reading);
  return { frames, omitted };
}

/** Those of own calls tell most, then those of libraries; of both the newest calls first, as long as there is room. */
function addVariables(
  frames: readonly ReadFrame[],
  sent: readonly JsonObject[],
  { scrubber, variables: budget, cut }: Reading,
): void {
  const bounds = { ...VARIABLES, budget };
  for (const isLibrary of [false, true]) {
    for (let index = 0; index < frames.length; index += 1) {
      const vars = sent[index]?.vars;
      const shown = frames[index]?.shown;
      if (vars === undefined || shown?.library !== isLibrary) continue;
      const variables = copyObject(vars, bounds, scrubber);
      if (variables !== null) shown.variables = variables;
    }
  }
  noteExceeded(budget, 'local variables', cut);
}

function readFrame(frame: JsonObject, { scrubber, cut }: Reading): ReadFrame {
  const filename = readFile(readText(frame.filename, LONGEST_FILE), scrubber);
  const absPath = readFile(readWord(frame.abs_path, LONGEST_FILE), scrubber);
  const module = readWord(frame.module, LONGEST_NAME);
  const inApp = readBoolean(frame.in_app);
  const file = (filename === '' ? null : filename) ?? absPath;
  const shown: SourceFrame = {
    function: readFunction(frame),
    file,
    line: readPlace(frame.lineno),
    column: readPlace(frame.colno),
    library: inApp === null ? isLibraryCode({ file, module }) : !inApp,
    thrown: false,
  };
  if (absPath !== null && absPath !== file) shown.path = absPath;
  if (module !== null) shown.module = module;
  addSource(shown, frame, cut);
  return {
    filename,
    absPath,
    module,
    package: readWord(frame.package, LONGEST_FILE),
    address: readWord(frame.instruction_addr, 50),
    platform: readWord(frame.platform, 50),
    inApp,
    isNative: frame.native === true,
    shown,
  };
}

/** Of code on a page, an address. */
function readFile(file: string | null, scrubber: Scrubber): string | null {
  return file === null ? null : scrubAddress(file, scrubber);
}

function readFunction(frame: JsonObject): string | null {
  const name = readWord(frame.function, LONGEST_NAME) ?? readWord(frame.raw_function, LONGEST_NAME);
  return name === '?' ? null : name;
}

/** Ruby ends lines with line breaks and fills up with nulls where the file ends. */
function addSource(shown: SourceFrame, frame: JsonObject, cut: Set<string>): void {
  if (typeof frame.context_line !== 'string') return;
  shown.source = readLine(frame.context_line, cut);
  const before = readLines(frame.pre_context, cut, -LINES_AROUND);
  const after = readLines(frame.post_context, cut, 0, LINES_AROUND);
  if (before.length > 0) shown.before = before;
  if (after.length > 0) shown.after = after;
}

function readLines(value: unknown, cut: Set<string>, from: number, to?: number): string[] {
  if (!Array.isArray(value)) return [];
  const lines = value.slice(from, to) as unknown[];
  return lines.filter((line) => typeof line === 'string').map((line) => readLine(line, cut));
}

function readLine(line: string, cut: Set<string>): string {
  const kept = cutText(line.endsWith('\n') ? line.trimEnd() : line, LONGEST_LINE);
  noteCut(kept, LONGEST_LINE, 'source lines', cut);
  return toStorable(kept);
}
