import type { Frame } from '../api-answers.js';
import { button, element } from '../elements.js';
import { formatCount, formatPlace, oneLine, plural } from '../text.js';
import { foldFrames, type Piece } from './fold-frames.js';
import { placeElement } from '../place-element.js';
import { readable } from '../readable-text.js';

/** Frames that one press unfolds; thousands at once would hold up the page. */
const unfoldedAtOnce = 200;
const longestNameShown = 200;

/** The frames of a stack trace in the order written, with what is not the application's own folded. */
export function frameList(frames: readonly Frame[]): HTMLElement {
  return element('ol', { class: 'frames' }, ...foldFrames(frames).map((piece) => pieceOf(piece, frames)));
}

function pieceOf(piece: Piece, frames: readonly Frame[]): HTMLElement {
  if ('from' in piece) return foldOf(frames.slice(piece.from, piece.to));
  const frame = frames[piece.frame];
  return frame ? frameItem(frame) : element('li');
}

function foldOf(frames: readonly Frame[]): HTMLElement {
  const kind = frames.every(({ library }) => library) ? 'library frame' : 'frame';
  const inner = element('ol', { class: 'frames', hidden: '' });
  const toggle = button(
    plural(frames.length, kind),
    () => {
      inner.hidden = !inner.hidden;
      toggle.setAttribute('aria-expanded', String(!inner.hidden));
      if (inner.childElementCount === 0) unfold(inner, frames);
    },
    { class: 'fold', 'aria-expanded': 'false' },
  );
  return element('li', { class: 'folded' }, toggle, inner);
}

function unfold(list: HTMLElement, frames: readonly Frame[]): void {
  list.append(...frames.slice(0, unfoldedAtOnce).map(frameItem));
  const rest = frames.slice(unfoldedAtOnce);
  if (rest.length === 0) return;
  const next = Math.min(rest.length, unfoldedAtOnce);
  const more = element('li', { class: 'folded' });
  more.append(
    button(
      `Show ${formatCount(next)} more of ${formatCount(rest.length)}`,
      () => {
        more.remove();
        const before = list.childElementCount;
        unfold(list, rest);
        focusItem(list.children[before]);
      },
      { class: 'fold' },
    ),
  );
  list.append(more);
}

/** The button that was pressed is gone: reading goes on where it stood. */
function focusItem(item: Element | undefined): void {
  if (!(item instanceof HTMLElement)) return;
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
}

function frameItem(frame: Frame): HTMLElement {
  const name = frame.function === null ? null : oneLine(readable(frame.function), longestNameShown);
  const place = formatPlace(frame.file, frame.line);
  return element(
    'li',
    { class: ['frame', frame.library ? 'library' : '', frame.thrown ? 'thrown' : ''].join(' ').trim() },
    element(
      'span',
      { class: name ? 'function outside' : 'function none' },
      name ?? (place === null ? 'unknown' : 'top level'),
    ),
    frame.file
      ? placeElement(
          { file: frame.file, line: frame.line, column: frame.column },
          { class: 'frame-place', title: place ?? '' },
        )
      : null,
    frame.thrown ? element('span', { class: 'mark' }, 'thrown here') : null,
  );
}
