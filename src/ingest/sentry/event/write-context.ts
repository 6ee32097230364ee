import type { OccurrenceContext, SourceFrame } from '../../../errors/occurrence-context';
import { fitMembers } from './fit-members';

const MOST_BYTES = 256 * 1024;
/** For what names the parts that were cut. */
const SPARE_BYTES = 1_024;
/** What is left of a stack of which too much is known. */
const FEW_FRAMES = 20;

const SOURCE = ['before', 'source', 'after'] as const;

/** Makes a context smaller by a part. */
interface Cut {
  /** as people read it */
  name: string;
  /** @returns about how many bytes are gone; done when they are `excess` */
  apply: (context: OccurrenceContext, excess: number) => number;
}

/** What is needed least comes first. */
const CUTS: readonly Cut[] = [
  { name: 'local variables', apply: (context, excess) => cutFrames(context, excess, true, ['variables']) },
  { name: 'local variables', apply: (context, excess) => cutFrames(context, excess, false, ['variables']) },
  { name: 'source lines of libraries', apply: (context, excess) => cutFrames(context, excess, true, SOURCE) },
  { name: 'data of breadcrumbs', apply: cutBreadcrumbData },
  { name: 'contexts', apply: cutContexts },
  { name: 'breadcrumbs', apply: (context) => drop(context, 'breadcrumbs') },
  { name: 'source lines', apply: (context, excess) => cutFrames(context, excess, false, SOURCE) },
  { name: 'frames', apply: keepFewFrames },
  { name: 'user', apply: (context) => drop(context, 'user') },
  { name: 'tags', apply: (context) => drop(context, 'tags') },
  { name: 'exceptions', apply: keepOneException },
];

/**
 * The JSON of a context, at most 256 KiB. What is too large loses the parts that are needed least.
 * @param cut names of parts that were cut, also before; stands in the JSON
 */
export function writeContext(context: OccurrenceContext, cut: Set<string>): string {
  const text = write(context, cut);
  let excess = Buffer.byteLength(text) + SPARE_BYTES - MOST_BYTES;
  if (excess <= 0) return text;
  for (const { name, apply } of CUTS) {
    if (excess <= 0) break;
    const gone = apply(context, excess);
    if (gone > 0) cut.add(name);
    excess -= gone;
  }
  return write(context, cut);
}

function write(context: OccurrenceContext, cut: ReadonlySet<string>): string {
  return JSON.stringify(cut.size > 0 ? { ...context, cut: [...cut] } : context);
}

/** From the oldest call of what was thrown first to where it was thrown. */
function cutFrames(
  context: OccurrenceContext,
  excess: number,
  isLibrary: boolean,
  parts: readonly (keyof SourceFrame)[],
): number {
  const frames = (context.exceptions ?? []).flatMap((exception) => exception.frames);
  const ordered = [...frames.filter(({ thrown }) => thrown), ...frames.filter(({ thrown }) => !thrown)];
  let gone = 0;
  for (const frame of ordered.reverse()) {
    if (gone >= excess) break;
    if (frame.library !== isLibrary) continue;
    for (const part of parts) {
      if (frame[part] === undefined) continue;
      gone += bytesOf(frame[part]);
      Reflect.deleteProperty(frame, part);
    }
  }
  return gone;
}

function cutBreadcrumbData({ breadcrumbs = [] }: OccurrenceContext, excess: number): number {
  let gone = 0;
  for (const breadcrumb of breadcrumbs) {
    if (gone >= excess) break;
    if (breadcrumb.data === undefined) continue;
    gone += bytesOf(breadcrumb.data);
    delete breadcrumb.data;
  }
  return gone;
}

function cutContexts(context: OccurrenceContext, excess: number): number {
  if (context.contexts === undefined) return 0;
  const before = bytesOf(context.contexts);
  fitMembers(context.contexts, before - excess);
  return before - bytesOf(context.contexts);
}

function keepFewFrames({ exceptions = [] }: OccurrenceContext): number {
  let gone = 0;
  for (const exception of exceptions) {
    const left = exception.frames.slice(FEW_FRAMES);
    if (left.length > 0) gone += bytesOf(left);
    exception.frames.length -= left.length;
  }
  return gone;
}

function keepOneException(context: OccurrenceContext): number {
  const before = bytesOf(context.exceptions);
  context.exceptions = context.exceptions?.slice(0, 1).map((exception) => ({ ...exception, frames: [] }));
  return before - bytesOf(context.exceptions);
}

function drop(context: OccurrenceContext, part: keyof OccurrenceContext): number {
  const gone = bytesOf(context[part]);
  Reflect.deleteProperty(context, part);
  return gone;
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
