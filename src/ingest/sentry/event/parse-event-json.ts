import { type JsonObject, parseJsonObject } from '../../../common/parse-json';

/** What is no JSON, though old Python clients write it for numbers. */
const BARE_NUMBERS = /-?\b(?:NaN|Infinity)\b/g;

/**
 * Parses the JSON of an event; a bare `NaN` or `Infinity` counts as null.
 * @param what is named when it is no JSON
 * @throws BadRequestException
 */
export function parseEventJson(text: string, what: string): JsonObject {
  try {
    return parseJsonObject(text, what);
  } catch (error) {
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error;
    return parseJsonObject(replaceBareNumbers(text), what);
  }
}

/** Takes time in proportion to the text, whatever is in it. */
function replaceBareNumbers(text: string): string {
  let replaced = '';
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const start = quote < 0 ? text.length : quote;
    const end = endOfString(text, start);
    replaced += text.slice(at, start).replace(BARE_NUMBERS, 'null') + text.slice(start, end);
    at = end;
  }
  return replaced;
}

/** @returns the place after the closing quote */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
