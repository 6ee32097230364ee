import type { OccurrenceContext } from '../../errors/occurrence-context';
import { type Bounds, copyValue } from './copy-value';
import { isUnsafeName, readObject, readPairs, readText } from './read-values';
import type { JsonObject } from '../../common/parse-json';
import type { Scrubber } from './scrubber';

const MOST_CONTEXTS = 100;
const LONGEST_NAME = 200;
const CONTEXT: Bounds = { longest: 8 * 1024, members: 100, depth: 6 };

/** What is known of runtime, system, device …, by name, without what is empty; null when there is nothing. */
export function readContexts(sent: unknown, scrubber: Scrubber): OccurrenceContext['contexts'] | null {
  const contexts: Record<string, JsonObject> = {};
  for (const [name, value] of readPairs(readObject(sent), MOST_CONTEXTS)) {
    const copy = readObject(copyValue(readObject(value), CONTEXT, scrubber));
    if (copy === null) continue;
    for (const member of Object.keys(copy)) if (copy[member] === null) Reflect.deleteProperty(copy, member);
    const shownName = readText(name, LONGEST_NAME) ?? '';
    if (Object.keys(copy).length > 0 && !isUnsafeName(shownName)) contexts[shownName] = copy;
  }
  return Object.keys(contexts).length > 0 ? contexts : null;
}
