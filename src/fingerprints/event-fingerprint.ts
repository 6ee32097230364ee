import { hash } from 'node:crypto';

/*
 * Fingerprints of reports that came as events. Each is lower-case hex MD5 of UTF-8.
 * Released: never edit these rules. A better rule is a new function beside them.
 */

export interface PlaceInput {
  project: string;
  exceptionType: string;
  /** as `normalizeFile` gives it */
  file: string;
  /** `12`, or `1:2048` in a bundle of one line */
  line: string;
}

export interface MessageInput {
  project: string;
  exceptionType: string;
  /** empty when there is none */
  logger: string;
  /** the message as it was written in the code, or what `toTemplate` makes of it */
  template: string;
}

/** @example fingerprintByPlace({ project: 'shop', exceptionType: 'KeyError', file: 'a.py', line: '3' }) // of 'shop:KeyError:a.py:3' */
export function fingerprintByPlace({ project, exceptionType, file, line }: PlaceInput): string {
  return hash('md5', `${project}:${exceptionType}:${file}:${line}`, 'hex');
}

/** @example fingerprintByMessage({ project: 'shop', exceptionType: 'Message', logger: 'pay', template: 'paid %s' }) // of 'shop:Message:message:pay:paid %s' */
export function fingerprintByMessage({ project, exceptionType, logger, template }: MessageInput): string {
  return hash('md5', `${project}:${exceptionType}:message:${logger}:${template}`, 'hex');
}

/**
 * The client's own choice. `{{ default }}` stands for the fingerprint that it would have without.
 * @param parts not empty
 * @example fingerprintByParts('shop', ['{{ default }}', 'eu'], byDefault) // of 'shop:custom:{byDefault}\x1feu'
 */
export function fingerprintByParts(project: string, parts: readonly string[], byDefault: string): string {
  const [first = ''] = parts;
  if (parts.length === 1 && isDefault(first)) return byDefault;
  const joined = parts.map((part) => (isDefault(part) ? byDefault : part)).join('\x1f');
  return hash('md5', `${project}:custom:${joined}`, 'hex');
}

function isDefault(part: string): boolean {
  return part.length < 50 && /^\{\{\s*default\s*\}\}$/.test(part);
}

const LONGEST_TEMPLATE = 200;
/** Of a longer message, what is looked at. */
const LONGEST_MESSAGE = 1_000;

/** UUIDs, texts in quotation marks, long hexadecimal numbers, and other numbers. */
const VARIABLE =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"[^"]{0,200}"|(?<!\w)'[^']{0,200}'(?!\w)|`[^`]{0,200}`|\b(?:0x)?[0-9a-f]{8,}\b|\d+(?:[.,]\d+)*/gi;

/**
 * What is the same in every message of its kind.
 * @example toTemplate("order 12 of 'Ada' failed") // 'order * of * failed'
 */
export function toTemplate(message: string): string {
  return message.slice(0, LONGEST_MESSAGE).replace(VARIABLE, '*').slice(0, LONGEST_TEMPLATE);
}
