import type { ApiError } from './api-error.js';
import { element } from './elements.js';
import { plural } from './text.js';
import { localTime } from './time.js';

/** Says above what is shown that it may be out of date, why, and of when it is. */
export class StaleNote {
  readonly element = element('p', { class: 'stale outside', hidden: '' });

  /**
   * @param readAt when what is shown was read; `null`: it is up to date
   * @param error why it cannot be read again; without one, the device is offline
   */
  show(readAt: Date | null, error?: ApiError): void {
    this.element.hidden = readAt === null;
    if (readAt) this.say(`${reasonOf(error)}: this is how it was at ${localTime(readAt).slice(-8)}.`);
  }

  say(text: string): void {
    this.element.hidden = false;
    this.element.textContent = text;
  }
}

function reasonOf(error: ApiError | undefined): string {
  if (!error || error.failure === 'unreachable') return 'No connection';
  if (error.failure === 'rate-limited') {
    return `Too many requests, read again in ${plural(error.retryAfterSeconds, 'second')}`;
  }
  const requestId = error.requestId ? `, request id ${error.requestId}` : '';
  return `The server could not answer (${error.status ?? 'no valid answer'}${requestId})`;
}
