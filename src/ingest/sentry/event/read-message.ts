import type { JsonObject } from '../../../common/parse-json';
import { fillTemplate } from './fill-template';
import { LONGEST_MESSAGE } from './read-exceptions';
import { firstOf, readObject, readText } from './read-values';
import { readWrittenText } from './read-written-text';

export interface ReadMessage {
  /** null when the event has none */
  text: string | null;
  /** as it was written in the code; null when it had no parameters */
  template: string | null;
}

/** The log message of an event: `logentry`, or `message` as a text or an object. */
export function readMessage(event: JsonObject): ReadMessage {
  const sent = firstOf(event, 'logentry', 'sentry.interfaces.Message') ?? event.message;
  const entry = readObject(sent);
  if (entry === null) return { text: nonEmpty(sent) ?? nonEmpty(event.message), template: null };
  // Of a template, addresses are not looked at: their passwords are parameters.
  const template = hasParams(entry.params) ? readText(entry.message, LONGEST_MESSAGE) || null : null;
  return {
    text:
      nonEmpty(entry.formatted) ??
      nonEmpty(template === null ? entry.message : fillTemplate(template, entry.params)) ??
      nonEmpty(event.message),
    template,
  };
}

function nonEmpty(value: unknown): string | null {
  const text = readWrittenText(value, LONGEST_MESSAGE);
  return text === '' ? null : text;
}

function hasParams(params: unknown): boolean {
  if (Array.isArray(params)) return params.length > 0;
  const named = readObject(params);
  return named !== null && Object.keys(named).length > 0;
}
