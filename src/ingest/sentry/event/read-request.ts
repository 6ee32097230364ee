import type { JsonObject } from '../../../common/parse-json';
import { toStorable } from '../../../common/storable-text';
import { cutText, noteCut, readObject, readPairs, readText, readWord } from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import { scrubText } from '../scrub/scrub-text';
import { REMOVED, type Scrubber } from '../scrub/scrubber';

export interface ReadRequest {
  url: string | null;
  method: string | null;
  /** JSON text */
  headers: string | null;
  /** the request itself, for `body` and what else is shown */
  sent: JsonObject;
}

const LONGEST_URL = 4_096;
const LONGEST_METHOD = 10;
const MOST_HEADERS = 100;
const LONGEST_HEADER = 2_048;
const LONGEST_HEADERS = 32 * 1024;

export function readRequest(sent: unknown, scrubber: Scrubber, cut: Set<string>): ReadRequest | null {
  const request = readObject(sent);
  if (request === null) return null;
  return {
    url: readUrl(request, scrubber, cut),
    method: cutText(readWord(request.method, LONGEST_METHOD)?.toUpperCase() ?? '', LONGEST_METHOD) || null,
    headers: readHeaders(request.headers, scrubber, cut),
    sent: request,
  };
}

function readUrl(request: JsonObject, scrubber: Scrubber, cut: Set<string>): string | null {
  const url = readWord(request.url, LONGEST_URL);
  if (url === null) return null;
  const query = url.includes('?') ? '' : readQuery(request.query_string);
  const whole = cutText(query === '' ? url : `${url}?${query}`, LONGEST_URL);
  noteCut(whole, LONGEST_URL, 'address of the request', cut);
  return toStorable(scrubAddress(whole, scrubber));
}

/** `?a=1`, `a=1`, `{ a: 1 }` or `[['a', 1]]` */
function readQuery(sent: unknown): string {
  if (typeof sent === 'string') return (sent.startsWith('?') ? sent.slice(1) : sent).slice(0, LONGEST_URL);
  return readPairs(sent, MOST_HEADERS)
    .map(([name, value]) => `${encode(name)}=${encode(readText(value, LONGEST_HEADER) ?? '')}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(toStorable(text));
}

/** Names as they were sent; values of the same name are joined, as HTTP does. */
function readHeaders(sent: unknown, scrubber: Scrubber, cut: Set<string>): string | null {
  const headers = new Map<string, string>();
  let length = 0;
  for (const [name, value] of readPairs(sent, MOST_HEADERS)) {
    const text = readHeader(value);
    if (text === null) continue;
    noteCut(text, LONGEST_HEADER, 'headers', cut);
    const scrubbed = text !== '' && scrubber.isSecret(name) ? REMOVED : scrubText(text, scrubber);
    const before = headers.get(name);
    length += name.length + scrubbed.length;
    if (length > LONGEST_HEADERS) {
      cut.add('headers');
      break;
    }
    headers.set(name, before === undefined || before === REMOVED ? scrubbed : `${before}, ${scrubbed}`);
  }
  return headers.size === 0 ? null : JSON.stringify(Object.fromEntries(headers));
}

function readHeader(value: unknown): string | null {
  if (!Array.isArray(value)) return readText(value, LONGEST_HEADER);
  const texts = value.map((item) => readText(item, LONGEST_HEADER)).filter((text) => text !== null);
  return texts.length === 0 ? null : cutText(texts.join(', '), LONGEST_HEADER);
}
