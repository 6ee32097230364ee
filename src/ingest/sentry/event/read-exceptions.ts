import type { JsonObject } from '../../../common/parse-json';
import type { ExceptionContext } from '../../../errors/occurrence-context';
import { type ReadFrame, readStack, type Stack } from './read-frames';
import { noteExceeded } from './budget';
import { firstOf, noteCut, readBoolean, readList, readObject, readText, readWord } from './read-values';
import { readWrittenText } from './read-written-text';
import { copyValue } from './copy-value';
import type { Reading } from './reading';

/** An exception as it came, and as it is shown. */
export interface ReadException extends Stack {
  /** `Error` where the client sends none */
  type: string;
  text: string;
  /** made up by the client to have a stack, or a signal */
  isSynthetic: boolean;
  /** its children are members, not causes */
  isGroup: boolean;
  /** what led to it: `__context__`, `cause` … */
  link: string | null;
  shown: ExceptionContext;
}

/** Of a longer chain the outermost are kept. */
const MOST_EXCEPTIONS = 50;
export const LONGEST_TYPE = 200;
export const LONGEST_MESSAGE = 8_192;
const LONGEST_MODULE = 500;
const VALUE = { longest: 1_024, members: 100, depth: 6 };

/** The chain or group of exceptions, the one that was caught first; on the wire it comes last. */
export function readExceptions(event: JsonObject, platform: string, reading: Reading): ReadException[] {
  const sent = readList(firstOf(event, 'exception', 'sentry.interfaces.Exception'))
    .map(readObject)
    .filter((entry) => entry !== null && (isThere(entry.type) || isThere(entry.value))) as JsonObject[];
  if (sent.length > MOST_EXCEPTIONS) reading.cut.add('exceptions');
  const entries = sent.slice(-MOST_EXCEPTIONS).reverse();
  const placeOfId = new Map<unknown, number>();
  return entries.map((entry, place) => {
    const mechanism = readObject(entry.mechanism);
    const parent = placeOfId.get(mechanism?.parent_id) ?? null;
    if (typeof mechanism?.exception_id === 'number') placeOfId.set(mechanism.exception_id, place);
    const stack = readStack(entry.stacktrace ?? entry.raw_stacktrace, reading);
    return readException(entry, mechanism, stack, parent, platform, reading);
  });
}

function readException(
  entry: JsonObject,
  mechanism: JsonObject | null,
  stack: Stack,
  parent: number | null,
  platform: string,
  reading: Reading,
): ReadException {
  const type = readWord(entry.type, LONGEST_TYPE);
  const value = readValue(entry.value, reading);
  const module = readWord(entry.module, LONGEST_MODULE);
  noteCut(type, LONGEST_TYPE, 'type of the exception', reading.cut);
  noteCut(value, LONGEST_MESSAGE, 'message', reading.cut);
  noteExceeded(reading.data, 'message', reading.cut);
  // Spread into an object with more members, they would take 4 µs.
  return {
    frames: stack.frames,
    omitted: stack.omitted,
    type: toTypeName(type, module, platform),
    text: value ?? '',
    isSynthetic: mechanism?.synthetic === true,
    isGroup: mechanism?.is_exception_group === true,
    link: readWord(mechanism?.source, LONGEST_TYPE),
    shown: {
      type,
      value,
      module,
      mechanism: readWord(mechanism?.type, LONGEST_TYPE),
      handled: readBoolean(mechanism?.handled),
      parent,
      frames: stack.frames.map(shownFrame),
    },
  };
}

/** In Java, the name of a class says little without its package. */
function toTypeName(type: string | null, module: string | null, platform: string): string {
  if (type === null) return 'Error';
  if (platform !== 'java' || module === null || type.startsWith(`${module}.`)) return type;
  return readWord(`${module}.${type}`, LONGEST_TYPE) ?? type;
}

/** JavaScript throws anything. */
function readValue(value: unknown, { scrubber, data: budget }: Reading): string | null {
  if (typeof value !== 'object' || value === null) return readWrittenText(value, LONGEST_MESSAGE);
  return readText(JSON.stringify(copyValue(value, { ...VALUE, budget }, scrubber)), LONGEST_MESSAGE);
}

function shownFrame({ shown }: ReadFrame): ReadFrame['shown'] {
  return shown;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
