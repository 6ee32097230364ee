import { isJsonObject, type JsonObject, parseJson } from '../../common/parse-json';
import type { Report } from '../../errors/report';
import { parseEventJson } from './parse-event-json';
import { readCspReport } from './read-csp-report';
import type { Arrival, ReadEvent } from './arrival';
import { readEvent } from './read-event';
import type { Scrubber } from './scrubber';
import type { SentryBody } from './sentry-bodies';

/** A report, about how much memory it holds, and which parts of it were cut. */
export interface SizedReport {
  report: Report;
  bytes: number;
  cut: readonly string[];
}

interface ReadReports {
  reports: SizedReport[];
  /** what is answered: 32 lower-case hex digits; null when there is neither an event nor an id */
  id: string | null;
  /** types of what came in items that are kept, but is not kept itself */
  leftOut: string[];
}

/** Reports of the Reporting API come in lists. */
const MOST_REPORTS_OF_LIST = 20;

/**
 * Reads what a request reports.
 * @param query of its address
 * @throws BadRequestException when something in it is no JSON
 */
export function readReports(
  body: SentryBody,
  arrival: Arrival,
  query: string,
  scrubber: Scrubber,
): ReadReports {
  const reports: SizedReport[] = [];
  const leftOut: string[] = [];
  for (const { type, payload } of body.items) {
    if (type === 'client_report') continue;
    if (type === 'event') {
      const event = parseEventJson(payload, 'The event');
      if (isReport(event)) reports.push(sized(readEvent(event, arrival, scrubber), payload));
      else leftOut.push(String(event.type));
    } else {
      for (const one of parseSecurityReports(payload)) {
        const read = readCspReport(one, readQuery(query), arrival, scrubber);
        if (read) reports.push(sized(read, payload));
        else leftOut.push('security');
      }
    }
  }
  return { reports, id: reports[0]?.report.details?.eventId ?? arrival.eventId, leftOut };
}

/** Old clients send transactions where events belong. */
function isReport({ type }: JsonObject): boolean {
  return type !== 'transaction' && type !== 'feedback';
}

function parseSecurityReports(payload: string): JsonObject[] {
  const parsed = parseJson(payload, 'The report');
  const list = Array.isArray(parsed) ? parsed.slice(0, MOST_REPORTS_OF_LIST) : [parsed];
  return list.filter(isJsonObject);
}

function readQuery(query: string): { environment: string | null; release: string | null } {
  const parameters = new URLSearchParams(query);
  return { environment: parameters.get('sentry_environment'), release: parameters.get('sentry_release') };
}

/** What is kept of an event is a part of what came, in texts of its own, of which many take two bytes a character. */
function sized({ report, cut }: ReadEvent, payload: string): SizedReport {
  return { report, cut, bytes: 2 * payload.length };
}
