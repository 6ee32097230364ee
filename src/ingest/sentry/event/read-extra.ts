import type { JsonObject } from '../../../common/parse-json';
import { noteExceeded } from './budget';
import { type Bounds, copyObject } from './copy-value';
import { fitMembers } from './fit-members';
import { readRequestBody } from './read-request-body';
import { cutText, readPairs, readWord } from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import type { Reading } from './reading';
import { REMOVED, type Scrubber } from '../scrub/scrubber';

const LONGEST_NAME = 250;
const MOST_BYTES = 64 * 1024;
const MOST_COOKIES = 100;
const MOST_MODULES = 2_000;
const EXTRA: Bounds = { longest: 32 * 1024, members: 100, depth: 6 };
const ENVIRONMENT: Bounds = { longest: 1_024, members: 100, depth: 2 };

/**
 * JSON of what there is to know besides, at most 64 KiB; null when there is nothing.
 * @param request null when there is none
 * @param logged the log message of an exception; null when there is none
 */
export function writeExtra(
  event: JsonObject,
  request: JsonObject | null,
  logged: string | null,
  reading: Reading,
): string | null {
  const { cut } = reading;
  const extra = readExtra(event, request, logged, reading);
  noteExceeded(reading.data, 'extra', cut);
  if (Object.keys(extra).length === 0) return null;
  const text = JSON.stringify(extra);
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  if (extra.modules !== undefined) {
    cut.add('modules');
    delete extra.modules;
  }
  if (fitMembers(extra, MOST_BYTES)) cut.add('extra');
  return JSON.stringify(extra);
}

/** What the client calls extra, the body of the request, and what our model has no place for. */
function readExtra(
  event: JsonObject,
  request: JsonObject | null,
  logged: string | null,
  { scrubber, data, cut }: Reading,
): JsonObject {
  const extra = copyObject(event.extra, { ...EXTRA, budget: data }, scrubber) ?? {};
  const add = (name: string, value: unknown) => {
    if (value !== null && value !== undefined && value !== '' && !Object.hasOwn(extra, name))
      extra[name] = value;
  };
  if (request !== null) {
    add('request_data', isEmpty(request.data) ? null : readRequestBody(request.data, scrubber, data));
    add('request_cookies', readCookies(request.cookies, scrubber));
    add('request_env', copyObject(request.env, { ...ENVIRONMENT, budget: data }, scrubber));
  }
  add('log_message', logged);
  const transaction = readWord(event.transaction, LONGEST_NAME) ?? readWord(event.culprit, LONGEST_NAME);
  add('transaction', transaction === null ? null : scrubAddress(transaction, scrubber));
  add('logger', readWord(event.logger, LONGEST_NAME));
  add('server_name', readWord(event.server_name, LONGEST_NAME));
  add('site', readWord(event.site, LONGEST_NAME));
  add('dist', readWord(event.dist, LONGEST_NAME));
  add('modules', readModules(event.modules, cut));
  return extra;
}

/** The values of cookies are secrets, all of them; one without a name is nothing but a value. */
function readCookies(sent: unknown, scrubber: Scrubber): JsonObject | null {
  const names =
    typeof sent === 'string'
      ? sent
          .split(';', MOST_COOKIES)
          .map((cookie) => cookie.slice(0, Math.max(0, cookie.indexOf('='))).trim())
      : readPairs(sent, MOST_COOKIES).map(([name]) => name);
  const cookies = names.filter((name) => name !== '').map((name) => [name, REMOVED]);
  return copyObject(Object.fromEntries(cookies), ENVIRONMENT, scrubber);
}

function readModules(sent: unknown, cut: Set<string>): JsonObject | null {
  const modules: JsonObject = {};
  const pairs = readPairs(sent, MOST_MODULES + 1);
  if (pairs.length > MOST_MODULES) {
    cut.add('modules');
    return null;
  }
  for (const [name, value] of pairs) {
    const version = readWord(value, LONGEST_NAME);
    if (name !== '' && version !== null) modules[cutText(name, LONGEST_NAME)] = version;
  }
  return Object.keys(modules).length === 0 ? null : modules;
}

function isEmpty(data: unknown): boolean {
  if (typeof data === 'object') return data === null || Object.keys(data).length === 0;
  return data === undefined || data === '';
}
