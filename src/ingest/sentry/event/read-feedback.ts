import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../common/parse-json';
import type { Feedback } from '../../../feedback/feedback';
import type { Arrival } from './arrival';
import { parseEventId } from '../parse-event-id';
import { parseEventJson } from './parse-event-json';
import { readObject, readWord } from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import type { Scrubber } from '../scrub/scrubber';

const LONGEST_MESSAGE = 4_096;
const LONGEST_NAME = 200;
const LONGEST_URL = 4_096;

/**
 * Reads what a user said, from an item of an envelope. What has a wrong type is absent, what is too long is cut.
 * @returns null when it says nothing, or is no JSON
 */
export function readFeedbackItem(
  type: 'feedback' | 'user_report',
  payload: string,
  arrival: Arrival,
  scrubber: Scrubber,
): Feedback | null {
  const sent = parseOrNull(payload);
  if (sent === null) return null;
  return type === 'feedback' ? readFeedback(sent, arrival, scrubber) : readUserReport(sent, arrival);
}

/** The newer form: an event with an id of its own, whose contexts say it. */
export function readFeedback(event: JsonObject, arrival: Arrival, scrubber: Scrubber): Feedback | null {
  const said = readObject(readObject(event.contexts)?.feedback) ?? {};
  const url = readWord(said.url, LONGEST_URL) ?? readWord(readObject(event.request)?.url, LONGEST_URL);
  const ownId = parseEventId(event.event_id) ?? arrival.eventId;
  const read = {
    eventId: parseEventId(said.associated_event_id),
    name: said.name,
    email: said.contact_email,
    message: said.message,
    url: url === null ? null : scrubAddress(url, scrubber),
  };
  return toFeedback(read, ownId, arrival);
}

/** The older form, which has only the id of the event that it is about; so may the envelope alone. */
function readUserReport(report: JsonObject, arrival: Arrival): Feedback | null {
  const { name, email, comments: message } = report;
  const eventId = parseEventId(report.event_id) ?? arrival.eventId;
  return toFeedback({ eventId, name, email, message, url: null }, null, arrival);
}

/** @param ownId null: the same words of the same person about the same event are the same feedback */
function toFeedback(
  read: { eventId: string | null; name: unknown; email: unknown; message: unknown; url: string | null },
  ownId: string | null,
  { project, receivedAt }: Arrival,
): Feedback | null {
  const message = readWord(read.message, LONGEST_MESSAGE);
  if (message === null) return null;
  const email = readWord(read.email, LONGEST_NAME);
  return {
    project,
    ownId: ownId ?? digest([read.eventId, message, email]),
    eventId: read.eventId,
    name: readWord(read.name, LONGEST_NAME),
    email,
    message,
    url: read.url,
    receivedAt,
  };
}

function digest(texts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
}

/** An event that comes with it must not be refused for it. */
function parseOrNull(payload: string): JsonObject | null {
  try {
    return parseEventJson(payload, 'The feedback');
  } catch {
    return null;
  }
}
