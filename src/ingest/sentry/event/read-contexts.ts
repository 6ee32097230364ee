import type { OccurrenceContext } from '../../../errors/occurrence-context';
import { noteExceeded } from './budget';
import { type Bounds, copyValue } from './copy-value';
import { cutText, readObject, readPairs } from './read-values';
import type { JsonObject } from '../../../common/parse-json';
import type { Reading } from './reading';

const MOST_CONTEXTS = 100;
const LONGEST_NAME = 200;
const CONTEXT: Bounds = { longest: 8 * 1024, members: 100, depth: 6 };

/** What is known of runtime, system, device …, by name, without what is empty; null when there is nothing. */
export function readContexts(
  sent: unknown,
  { scrubber, data, cut }: Reading,
): OccurrenceContext['contexts'] | null {
  const contexts: Record<string, JsonObject> = {};
  const bounds = { ...CONTEXT, budget: data };
  for (const [name, value] of readPairs(readObject(sent), MOST_CONTEXTS)) {
    const copy = readObject(copyValue(readObject(value), bounds, scrubber));
    if (copy === null) continue;
    for (const member of Object.keys(copy)) if (copy[member] === null) Reflect.deleteProperty(copy, member);
    if (Object.keys(copy).length > 0) contexts[cutText(name, LONGEST_NAME)] = copy;
  }
  noteExceeded(data, 'contexts', cut);
  return Object.keys(contexts).length > 0 ? contexts : null;
}
