import type { ErrorDetail, Exception } from '../api-answers.js';
import { button, element } from '../elements.js';
import { readable } from '../readable-text.js';
import { formatCount, oneLine } from '../text.js';
import { arrangeExceptions, type ChainLink, mainFrame } from './exception-chain.js';
import { focusItem } from './focus-item.js';
import { frameList } from './frame-list.js';
import { longestMessageLines, longText } from './long-text.js';
import { sourceFrameItem } from './source-frame.js';

/** Of groups with many members, so many are shown at once. */
const shownAtOnce = 10;
/** Exceptions that have a frame open from the beginning. */
const openAtFirst = 4;
const deepestStep = 3;
/** They say no more than that somebody reported it. */
const usualMechanisms = ['chained', 'generic'];
const longestTypeShown = 200;
const longestValueShown = 1_000;

/** What the page says already of the exception that was caught. */
export type Heading = Pick<ErrorDetail, 'exception_type' | 'message'>;

/** Exceptions with their frames, one below the other: what was caught, then what caused it and what was in it. */
export function exceptionList(exceptions: readonly Exception[], said: Heading | null): HTMLElement {
  const list = element('ol', { class: 'exceptions' });
  const links = arrangeExceptions(exceptions);
  show(list, links, 0, said);
  return list;
}

/**
 * Opens or closes all frames, those that are folded too. Of thousands the first ones: as many as a press on their fold
 * unfolds.
 */
export function openFrames(list: HTMLElement, isOpen: boolean): void {
  for (const fold of list.querySelectorAll<HTMLElement>(`.fold[aria-expanded="${!isOpen}"]`)) fold.click();
  for (const frame of list.querySelectorAll<HTMLDetailsElement>('.source-frame')) frame.open = isOpen;
}

function show(list: HTMLElement, links: readonly ChainLink[], from: number, said: Heading | null): void {
  const to = from + shownAtOnce;
  list.append(...links.slice(from, to).map((link, index) => itemOf(link, from + index, said)));
  const left = links.length - to;
  if (left <= 0) return;
  const more = element('li', { class: 'folded' });
  more.append(
    button(
      `Show ${formatCount(Math.min(left, shownAtOnce))} more of ${formatCount(left)} exceptions`,
      () => {
        more.remove();
        const before = list.childElementCount;
        show(list, links, to, said);
        focusItem(list.children[before]);
      },
      { class: 'fold' },
    ),
  );
  list.append(more);
}

function itemOf({ exception, relation, depth }: ChainLink, index: number, said: Heading | null): HTMLElement {
  const main = index < openAtFirst ? mainFrame(exception) : undefined;
  return element(
    'li',
    { class: `exception depth-${Math.min(depth, deepestStep)}` },
    headOf(exception, relation, index === 0 ? said : null),
    exception.frames.length > 0
      ? frameList(exception.frames, (frame) => sourceFrameItem(frame, frame === main))
      : element('p', { class: 'nothing' }, 'No stack trace was sent with it.'),
  );
}

/** Null when there is nothing to say: a message with a stack trace has neither type nor value. */
function headOf(exception: Exception, relation: string, said: Heading | null): HTMLElement | null {
  const { type, value, module } = exception;
  const name = type === null ? null : oneLine(readable(type), longestTypeShown);
  const isSaid =
    value === null || value.trim() === '' || (said?.exception_type === type && said.message === value);
  const parts = [
    relation ? element('span', { class: 'relation' }, relation) : null,
    name === null
      ? null
      : element('h3', { class: 'outside', ...(module ? { title: `${module}.${name}` } : {}) }, name),
    howCaught(exception, relation === ''),
    isSaid
      ? null
      : longText(element('p', { class: 'message outside' }), value, longestValueShown, longestMessageLines),
  ];
  if (parts.every((part) => part === null)) return null;
  return element('div', { class: `exception-head${exception.frames.length > 0 ? '' : ' bare'}` }, ...parts);
}

/** Whether it was handled, and how the client came to know of it; the first is known of the one that was caught. */
function howCaught({ handled, mechanism }: Exception, isMain: boolean): HTMLElement | null {
  const state = isMain && handled !== null ? handledMark(handled) : null;
  const isUsual = mechanism === null || usualMechanisms.includes(mechanism);
  const way = isUsual ? null : oneLine(readable(mechanism), longestTypeShown);
  if (!state && !way) return null;
  return element(
    'span',
    { class: 'caught' },
    state,
    way
      ? element('span', { class: 'mechanism outside', title: 'How the client came to know of it' }, way)
      : null,
  );
}

export function handledMark(handled: boolean): HTMLElement {
  return element(
    'span',
    {
      class: `handled-mark${handled ? '' : ' unhandled'}`,
      title: handled ? 'The program caught it and went on' : 'Nothing in the program caught it',
    },
    handled ? 'Handled' : 'Unhandled',
  );
}
