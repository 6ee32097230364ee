import { BadRequestException } from '@nestjs/common';
import { isJsonObject, type JsonObject, parseJsonObject } from '../common/parse-json';
import { toStorable } from '../common/storable-text';
import { Report, Source } from '../errors/report';
import { findThrownAt } from '../fingerprints/find-thrown-at';
import { computeFingerprint } from '../fingerprints/fingerprint';
import { findRawMembers } from './find-raw-members';

/** Of a file's name, what is stored to be shown; only hostile ones are longer. */
const LONGEST_FILE = 1_000;

/** Stored as the text that was sent: JavaScript's numbers would lose digits of some. */
const RAW_FIELDS = ['request_headers', 'extra'] as const;

/**
 * Reads a report of the native API, checks it and brings it into the shape that is stored.
 * NUL and lone surrogates in texts, which databases do not take, become U+FFFD; unknown keys are ignored.
 * @param text what was sent, of any shape
 * @throws BadRequestException when it is no JSON, or naming the first field that is wrong and what was expected
 */
export function parseReport(text: string, receivedAt: Date): Report {
  const body = parseJsonObject(text);
  const project = requiredText(body, 'project', 1, 100);
  const exceptionType = requiredText(body, 'exception_type', 1, 200);
  const message = requiredText(body, 'message');
  const traceback = requiredText(body, 'traceback');
  const thrownAt = findThrownAt(traceback);
  const requestMethod = optionalText(body, 'request_method', 10);
  const raw = findRawMembers(
    text,
    RAW_FIELDS.filter((field) => isPresent(body[field])),
  );
  return {
    fingerprint: computeFingerprint({ project, exceptionType, traceback }, thrownAt),
    project,
    exceptionType,
    message,
    traceback,
    file: thrownAt?.file.slice(0, LONGEST_FILE).toWellFormed() ?? null,
    line: thrownAt?.line ?? null,
    source: sourceOf(requestMethod, body.extra),
    requestUrl: optionalText(body, 'request_url'),
    requestMethod,
    requestHeaders: raw.get('request_headers') ?? null,
    userId: optionalText(body, 'user_id', 200),
    extra: raw.get('extra') ?? null,
    receivedAt,
    details: null,
  };
}

function requiredText(body: JsonObject, field: string, shortest = 0, longest = Infinity): string {
  const value = body[field];
  if (value === undefined) throw new BadRequestException(`${field} is required`);
  if (typeof value !== 'string') throw new BadRequestException(`${field} must be a string`);
  if (value.length < shortest) throw new BadRequestException(`${field} must not be empty`);
  requireLength(field, value, longest);
  return toStorable(value);
}

function optionalText(body: JsonObject, field: string, longest = Infinity): string | null {
  const value = body[field];
  if (!isPresent(value)) return null;
  if (typeof value !== 'string') throw new BadRequestException(`${field} must be a string`);
  requireLength(field, value, longest);
  return toStorable(value);
}

/** Characters are code points, so that an emoji counts once. */
function requireLength(field: string, value: string, longest: number): void {
  if (value.length > longest && [...value].length > longest) {
    throw new BadRequestException(`${field} must be at most ${longest} characters long`);
  }
}

/** `BROWSER` as the method is how browser relays of the original system mark what they pass on. */
function sourceOf(requestMethod: string | null, extra: unknown): Source {
  if (requestMethod?.toUpperCase() === 'BROWSER') return 'browser';
  return isJsonObject(extra) && extra.source === 'browser' ? 'browser' : 'server';
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
