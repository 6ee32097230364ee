import type { ApiError } from './api-error.js';
import { announce, button, element } from './elements.js';
import { plural, shorten } from './text.js';

const longestDetail = 500;

/**
 * Shows in `place` why a request failed and how to go on, instead of whatever stood there.
 * What the server asks to wait for is tried again by itself when that time is over, a lost connection when the browser is online again;
 * both stop when the notice has left the page. A 401 shows nothing here: the page asks for the key.
 */
export function showFailure(place: HTMLElement, error: ApiError, retry: () => void): void {
  if (error.failure === 'unauthorized') {
    place.replaceChildren();
    return;
  }
  const title = titleOf(error);
  const detail = shorten(error.message, longestDetail);
  const notice = element(
    'div',
    { class: 'notice failure' },
    element('h2', {}, title),
    detail ? element('p', { class: 'outside' }, detail) : null,
    error.requestId
      ? element('p', { class: 'hint outside' }, 'Request id: ', element('code', {}, error.requestId))
      : null,
  );
  place.replaceChildren(notice);
  const isLimited = error.failure === 'rate-limited';
  if (isLimited || error.failure === 'unavailable') {
    const waiting = countdown(error.retryAfterSeconds, notice, retry);
    notice.append(waiting);
    announce(`${title}. ${waiting.textContent}`);
  } else {
    announce(`${title}. ${detail}`);
  }
  if (!isLimited) notice.append(button('Try again', retry));
  if (error.failure === 'unreachable') retryWhenOnline(notice, retry);
}

function titleOf(error: ApiError): string {
  const status = error.status === null ? '' : ` (${error.status})`;
  switch (error.failure) {
    case 'unreachable':
      return navigator.onLine ? 'The server cannot be reached' : 'You are offline';
    case 'rate-limited':
      return 'Too many requests';
    case 'refused':
      return `The server refused this request${status}`;
    default:
      return `The server could not answer${status}`;
  }
}

function countdown(seconds: number, notice: HTMLElement, retry: () => void): HTMLElement {
  const shown = element('p', { class: 'countdown' });
  const endsAtMs = Date.now() + seconds * 1_000;
  const tick = () => {
    const left = Math.ceil((endsAtMs - Date.now()) / 1_000);
    if (left <= 0) {
      retry();
      return;
    }
    shown.textContent = `Trying again in ${plural(left, 'second')}.`;
    setTimeout(() => {
      if (notice.isConnected) tick();
    }, 1_000);
  };
  tick();
  return shown;
}

function retryWhenOnline(notice: HTMLElement, retry: () => void): void {
  window.addEventListener(
    'online',
    () => {
      if (notice.isConnected) retry();
    },
    { once: true },
  );
}
