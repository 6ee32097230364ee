import type { Breadcrumb } from '../../../errors/occurrence-context';
import { noteExceeded } from './budget';
import { type Bounds, copyValue } from './copy-value';
import { noteCut, readList, readObject, readText, readWord } from './read-values';
import { parseEventTime } from './read-time';
import { scrubAddress } from '../scrub/scrub-address';
import type { Reading } from './reading';

const MOST_BREADCRUMBS = 100;
const LONGEST_NAME = 200;
const LONGEST_MESSAGE = 1_024;
const DATA: Bounds = { longest: 1_024, members: 100, depth: 6 };

/**
 * The last of what happened before.
 * @param shiftMs what was added to the time of the event, whose clock these have
 */
export function readBreadcrumbs(sent: unknown, shiftMs: number, reading: Reading): Breadcrumb[] {
  const list = readList(sent);
  if (list.length > MOST_BREADCRUMBS) reading.cut.add('breadcrumbs');
  const breadcrumbs: Breadcrumb[] = [];
  for (const value of list.slice(-MOST_BREADCRUMBS).reverse()) {
    const sentOne = readObject(value);
    if (sentOne !== null) breadcrumbs.push(readBreadcrumb(sentOne, shiftMs, reading));
  }
  noteExceeded(reading.data, 'data of breadcrumbs', reading.cut);
  return breadcrumbs.reverse();
}

function readBreadcrumb(
  sent: Record<string, unknown>,
  shiftMs: number,
  { scrubber, data, cut }: Reading,
): Breadcrumb {
  const level = readWord(sent.level, LONGEST_NAME);
  const message = readText(sent.message, LONGEST_MESSAGE);
  noteCut(message, LONGEST_MESSAGE, 'messages of breadcrumbs', cut);
  const breadcrumb: Breadcrumb = {
    timestamp: toIso(parseEventTime(sent.timestamp), shiftMs),
    type: readWord(sent.type, LONGEST_NAME),
    category: readWord(sent.category, LONGEST_NAME),
    level: level === 'log' ? 'info' : level,
    message: message === null ? null : scrubAddress(message, scrubber),
  };
  if (hasContent(sent.data)) breadcrumb.data = copyValue(sent.data, { ...DATA, budget: data }, scrubber);
  return breadcrumb;
}

function toIso(ms: number | null, shiftMs: number): string | null {
  if (ms === null) return null;
  const time = new Date(ms + shiftMs);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function hasContent(data: unknown): boolean {
  if (typeof data !== 'object') return data !== undefined;
  return data !== null && Object.keys(data).length > 0;
}
