import type { Breadcrumb } from '../api-answers.js';

/** What a breadcrumb says: its message, else what its data tells of a request or of a step from page to page. */
export function crumbText({ message, data }: Breadcrumb): string | null {
  if (message !== null && message.trim() !== '') return message;
  if (typeof data !== 'object' || data === null) return null;
  const { method, url, status_code: status, from, to } = data as Record<string, unknown>;
  if (isText(url)) {
    const request = isText(method) ? `${method} ${url}` : url;
    return isText(status) || typeof status === 'number' ? `${request} → ${status}` : request;
  }
  return isText(from) && isText(to) ? `${from} → ${to}` : null;
}

/**
 * How long before the error: `beforeError(113)` is `−113 ms`, `beforeError(2_367)` `−2.367 s`, `beforeError(63_000)`
 * `−1 min 03 s`.
 */
export function beforeError(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (ms < 1_000) return ms <= 0 ? '0 ms' : `−${Math.round(ms)} ms`;
  if (seconds < 60) return `−${(ms / 1_000).toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `−${minutes} min ${twoDigits(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `−${hours} h ${twoDigits(minutes % 60)} min` : `−${Math.floor(hours / 24)} days`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
