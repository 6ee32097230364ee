import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../common/parse-json';
import { fingerprintByPlace } from '../../../fingerprints/event-fingerprint';
import type { Arrival, ReadEvent } from './arrival';
import { createBudget, noteExceeded } from './budget';
import { type Bounds, copyObject } from './copy-value';
import { writeTags } from './read-tags';
import { cutText, noteCut, readObject, readWord } from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import type { Scrubber } from '../scrub/scrubber';
import { writeContext } from './write-context';

type JsonArray = unknown[];

interface Query {
  environment: string | null;
  release: string | null;
}

const LONGEST_WORD = 200;
const LONGEST_NAME = 250;
const LONGEST_URL = 4_096;
const REPORT: Bounds = { longest: 4_096, members: 50, depth: 3 };

/** Names of members, of which browsers write several spellings, without what separates their words. */
type Members = ReadonlyMap<string, unknown>;

/**
 * Brings a browser's report about its Content Security Policy into the shape that is stored. Such a report has no id.
 * @param body `{"csp-report": {…}}`; or of the Reporting API one report, or a list, of which the first about a policy counts
 * @param query what the address said besides
 * @returns null when it is about something else, or says nothing
 */
export function readCspReport(
  body: JsonObject | JsonArray,
  query: Query,
  arrival: Arrival,
  scrubber: Scrubber,
): ReadEvent | null {
  const sent = findReport(body);
  if (sent === null) return null;
  const members = toMembers(sent);
  const directive = readDirective(members);
  if (directive === null) return null;
  const { project, receivedAt } = arrival;
  const cut = new Set<string>();
  const blocked = readBlocked(members);
  const exceptionType = 'CSP';
  const message = `Blocked '${directive}' from '${blocked}'`;
  const documentUri = find(members, 'documenturi', 'documenturl');
  const own = {
    environment: readWord(query.environment, LONGEST_NAME),
    release: readWord(query.release, LONGEST_NAME),
    level: 'warning' as const,
  };
  const url = readWord(documentUri, LONGEST_URL);
  noteCut(url, LONGEST_URL, 'address of the request', cut);
  const budget = createBudget();
  const extra = copyObject(sent, { ...REPORT, budget }, scrubber);
  noteExceeded(budget, 'extra', cut);
  const report: ReadEvent['report'] = {
    fingerprint: fingerprintByPlace({ project, exceptionType, file: directive, line: blocked }),
    project,
    exceptionType,
    message,
    traceback: `${exceptionType}: ${message}`,
    file: null,
    line: null,
    source: 'browser',
    requestUrl: url === null ? null : scrubAddress(url, scrubber),
    requestMethod: null,
    requestHeaders: null,
    userId: null,
    extra: extra && JSON.stringify(extra),
    receivedAt,
    details: {
      eventId: arrival.eventId ?? randomUUID().replaceAll('-', ''),
      ...own,
      platform: 'javascript',
      handled: null,
      tags: writeTags(new Map(), { ...own, user: null }, cut),
      context: writeContext({ occurred_at: receivedAt.toISOString() }, cut),
    },
  };
  return { report, cut: [...cut] };
}

function findReport(body: JsonObject | JsonArray): JsonObject | null {
  if (!Array.isArray(body)) return readObject(body['csp-report']) ?? findViolation(body);
  for (const entry of body) {
    const report = findViolation(entry);
    if (report !== null) return report;
  }
  return null;
}

/** Of the Reporting API; others of its types are about deprecated features, crashes, the network. */
function findViolation(sent: unknown): JsonObject | null {
  const report = readObject(sent);
  return report?.type === 'csp-violation' ? readObject(report.body) : null;
}

/** @example toMembers({ 'blocked-uri': 'inline' }).get('blockeduri') // 'inline' */
function toMembers(report: JsonObject): Members {
  const names = Object.keys(report).slice(0, REPORT.members);
  return new Map(names.map((name) => [name.replace(/[-_]/g, '').toLowerCase(), report[name]]));
}

function find(members: Members, ...names: readonly string[]): unknown {
  const name = names.find((one) => typeof members.get(one) === 'string');
  return name === undefined ? null : members.get(name);
}

/** `img-src`; an old browser writes the whole line of the policy. */
function readDirective(members: Members): string | null {
  const effective = readWord(members.get('effectivedirective'), LONGEST_WORD);
  const written = effective ?? readWord(members.get('violateddirective'), LONGEST_NAME);
  return written?.split(/\s/, 1)[0] ?? null;
}

/** The host, or a word such as `inline`, `eval` or `data`. */
function readBlocked(members: Members): string {
  const written = readWord(find(members, 'blockeduri', 'blockedurl'), LONGEST_URL) ?? 'inline';
  const host = /^[a-z][a-z\d+.-]{0,50}:\/\/(?:[^/?#@]{0,500}@)?([^/?#]+)/i.exec(written)?.[1];
  return cutText((host ?? written.split(/[:?#]/, 1)[0]) || written, LONGEST_WORD);
}
