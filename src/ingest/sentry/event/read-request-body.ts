import { toStorable } from '../../../common/storable-text';
import { type Budget, exceed } from './budget';
import { type Bounds, copyText, copyValue } from './copy-value';
import { cutText } from './read-values';
import { scrubBody } from '../scrub/scrub-text';
import type { Scrubber } from '../scrub/scrubber';

const LONGEST_BODY = 16 * 1024;
const BODY: Bounds = { longest: LONGEST_BODY, members: 100, depth: 6 };

/**
 * What was sent with the request, without secrets. JSON comes as what it holds, unless the client cut it in the middle;
 * other text as it is.
 * @example readRequestBody('{"card_number":"4242","qty":2}', scrubber, budget) // { card_number: '[removed]', qty: 2 }
 */
export function readRequestBody(sent: unknown, scrubber: Scrubber, budget: Budget): unknown {
  if (typeof sent !== 'string') return copyValue(sent, { ...BODY, budget }, scrubber);
  const text = sent.trim();
  if (text.startsWith('{') || text.startsWith('[')) return readJson(text, scrubber, budget);
  return toStorable(scrubBody(cutBody(text, budget), scrubber));
}

function readJson(text: string, scrubber: Scrubber, budget: Budget): unknown {
  try {
    return copyValue(JSON.parse(text), { ...BODY, budget }, scrubber);
  } catch {
    return copyText(cutBody(text, budget), LONGEST_BODY, scrubber);
  }
}

function cutBody(text: string, budget: Budget): string {
  if (text.length > LONGEST_BODY) exceed(budget);
  return cutText(text, LONGEST_BODY);
}
