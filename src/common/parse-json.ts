import { BadRequestException } from '@nestjs/common';

/** Deeper JSON is no report: everything that walks over it later (serialising, drawing) would recurse that deep. */
export const MAX_JSON_DEPTH = 64;

/** Any object but a list. */
export type JsonObject = Record<string, unknown>;

/**
 * Parses a JSON object whose nesting is checked before the parser sees it.
 * @param what is named in the messages
 * @throws BadRequestException when it is no JSON, no object or nested too deeply; the message repeats nothing of the text
 */
export function parseJsonObject(text: string, what = 'The body'): JsonObject {
  const body = parseJson(text, what);
  if (!isJsonObject(body)) throw new BadRequestException(`${what} must be a JSON object`);
  return body;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same for JSON of any shape. */
export function parseJson(text: string, what: string): unknown {
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new BadRequestException(`The JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadRequestException(`${what} is ${text.trim() === '' ? 'empty' : 'not valid JSON'}`);
  }
}

function isDeeperThan(text: string, limit: number): boolean {
  // What opens fewer brackets than that, in strings or outside, cannot be deeper: so with nearly every report.
  if (!hasMoreThan(text, '{', limit / 2) && !hasMoreThan(text, '[', limit / 2)) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
  return false;
}

function hasMoreThan(text: string, character: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
    if (++count > limit) return true;
  }
  return false;
}
