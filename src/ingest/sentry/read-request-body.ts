import { toStorable } from '../../common/storable-text';
import { type Bounds, copyValue } from './copy-value';
import { cutText } from './read-values';
import { scrubAddress, scrubQuery } from './scrub-address';
import { REMOVED, type Scrubber } from './scrubber';

const LONGEST_BODY = 16 * 1024;
const BODY: Bounds = { longest: LONGEST_BODY, members: 100, depth: 6 };

/** JSON that the client cut in the middle, where only single members can be made out. */
const member = /"((?:[^"\\]|\\.){1,100})"(\s{0,20}:\s{0,20})("(?:[^"\\]|\\.)*"?|[^,}\]\s]+)/g;

/**
 * What was sent with the request, without secrets. JSON comes as what it holds, other text as it is.
 * @example readRequestBody('{"card_number":"4242","qty":2}', scrubber) // { card_number: '[removed]', qty: 2 }
 */
export function readRequestBody(sent: unknown, scrubber: Scrubber): unknown {
  if (typeof sent !== 'string') return copyValue(sent, BODY, scrubber);
  const first = sent.trimStart()[0];
  if (first === '{' || first === '[') return readJson(sent, scrubber);
  const isForm = /^[^\s=&]{1,200}=/.test(sent);
  const text = cutText(sent, LONGEST_BODY);
  return toStorable(isForm ? scrubQuery(text, scrubber) : scrubAddress(text, scrubber));
}

function readJson(sent: string, scrubber: Scrubber): unknown {
  try {
    return copyValue(JSON.parse(sent), BODY, scrubber);
  } catch {
    const text = cutText(sent, LONGEST_BODY);
    return toStorable(
      text.replace(member, (written, name: string, colon: string) =>
        scrubber.isSecret(name) ? `"${name}"${colon}"${REMOVED}"` : written,
      ),
    );
  }
}
