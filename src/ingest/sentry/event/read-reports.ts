import { isJsonObject, type JsonObject, parseJson } from '../../../common/parse-json';
import type { Report } from '../../../errors/report';
import type { Feedback } from '../../../feedback/feedback';
import { parseEventJson } from './parse-event-json';
import { readCspReport } from './read-csp-report';
import type { Arrival, ReadEvent } from './arrival';
import { readEvent } from './read-event';
import { readFeedback, readFeedbackItem } from './read-feedback';
import type { Scrubber } from '../scrub/scrubber';
import { parseEventId } from '../parse-event-id';
import type { EnvelopeItem } from '../body/kept-items';
import type { SentryBody } from '../body/sentry-bodies';

/** A report, about how much memory it holds, and which parts of it were cut. */
export interface SizedReport {
  report: Report;
  bytes: number;
  cut: readonly string[];
}

export interface ReadReports {
  reports: SizedReport[];
  feedback: Feedback[];
  /** what is answered: 32 lower-case hex digits; null when there is no event, no feedback and no id */
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
  const feedback: Feedback[] = [];
  const leftOut: string[] = [];
  let transactionId: string | null = null;
  const hasEvent = body.items.some(({ type }) => type === 'event');
  const takeFeedback = (type: string, read: Feedback | null) => {
    if (read) feedback.push(read);
    else leftOut.push(`${type} without message`);
  };
  for (const { type, payload } of body.items) {
    if (type === 'client_report') continue;
    if (type === 'event') {
      const event = parseEventJson(payload, 'The event');
      if (event.type === 'feedback') takeFeedback('feedback', readFeedback(event, arrival, scrubber));
      // Old clients send transactions where events belong.
      else if (event.type === 'transaction') {
        leftOut.push('transaction');
        transactionId = parseEventId(event.event_id);
      }
      // First, since its id is the one that is answered.
      else reports.unshift(sized(readEvent(event, arrival, scrubber), payload));
    } else if (type === 'feedback' || type === 'user_report') {
      takeFeedback(type, readFeedbackItem(type, payload, arrival, scrubber));
    } else {
      for (const one of parseSecurityReports(payload, body.items)) {
        // The id of the envelope is that of its event, else of the first.
        const own = reports.length === 0 && !hasEvent ? arrival : { ...arrival, eventId: null };
        const read = readCspReport(one, readQuery(query), own, scrubber);
        if (read) reports.push(sized(read, payload));
        else leftOut.push('security');
      }
    }
  }
  const id = reports[0]?.report.details?.eventId ?? arrival.eventId ?? feedback[0]?.ownId ?? transactionId;
  return { reports, feedback, id, leftOut };
}

/** @throws BadRequestException for what is no JSON, unless it came with other items, which must not be lost for it */
function parseSecurityReports(payload: string, items: readonly EnvelopeItem[]): JsonObject[] {
  let parsed: unknown = null;
  try {
    parsed = parseJson(payload, 'The report');
  } catch (error) {
    if (items.length === 1) throw error;
  }
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
