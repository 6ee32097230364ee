import type { Frame } from '../api-answers.js';
import { button, element } from '../elements.js';
import { formatCount, formatPlace, oneLine, plural, shorten } from '../text.js';
import { focusItem } from './focus-item.js';
import { foldFrames } from './fold-frames.js';
import { placeElement } from '../place-element.js';
import { readable } from '../readable-text.js';

/** Frames that one press unfolds; thousands at once would hold up the page. */
const unfoldedAtOnce = 200;
const longestNameShown = 200;
const longestPlaceShown = 2_000;

/**
 * The frames of a stack trace in the order given, with what is not the application's own folded.
 * @param toItem makes a list item of a frame
 */
export function frameList<Kind extends Frame>(
  frames: readonly Kind[],
  toItem: (frame: Kind) => HTMLElement = frameItem,
): HTMLElement {
  const items = foldFrames(frames).map((piece) => {
    if ('from' in piece) return foldOf(frames.slice(piece.from, piece.to), toItem);
    const frame = frames[piece.frame];
    return frame ? toItem(frame) : element('li');
  });
  return element('ol', { class: 'frames' }, ...items);
}

function foldOf<Kind extends Frame>(
  frames: readonly Kind[],
  toItem: (frame: Kind) => HTMLElement,
): HTMLElement {
  const kind = frames.every(({ library }) => library) ? 'library frame' : 'frame';
  const inner = element('ol', { class: 'frames', hidden: '' });
  const toggle = button(
    plural(frames.length, kind),
    () => {
      inner.hidden = !inner.hidden;
      toggle.setAttribute('aria-expanded', String(!inner.hidden));
      if (inner.childElementCount === 0) unfold(inner, frames, toItem);
    },
    { class: 'fold', 'aria-expanded': 'false' },
  );
  return element('li', { class: 'folded' }, toggle, inner);
}

function unfold<Kind extends Frame>(
  list: HTMLElement,
  frames: readonly Kind[],
  toItem: (frame: Kind) => HTMLElement,
): void {
  list.append(...frames.slice(0, unfoldedAtOnce).map(toItem));
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
        unfold(list, rest, toItem);
        focusItem(list.children[before]);
      },
      { class: 'fold' },
    ),
  );
  list.append(more);
}

function frameItem(frame: Frame): HTMLElement {
  return element('li', { class: frameClass(frame) }, ...frameTitle(frame));
}

export function frameClass({ library, thrown }: Frame): string {
  return ['frame', library ? 'library' : '', thrown ? 'thrown' : ''].join(' ').trim();
}

/** Function and place of a frame, and whether the error was thrown there. */
export function frameTitle(frame: Frame & { path?: string }): HTMLElement[] {
  const name = frame.function === null ? null : oneLine(readable(frame.function), longestNameShown);
  const place = formatPlace(frame.path ?? frame.file, frame.line);
  return [
    element(
      'span',
      { class: name ? 'function outside' : 'function none' },
      name ?? (place === null ? 'unknown' : 'top level'),
    ),
    ...(frame.file
      ? [
          placeElement(
            { file: frame.file, line: frame.line, column: frame.column },
            { class: 'frame-place', title: shorten(place ?? '', longestPlaceShown) },
          ),
        ]
      : []),
    ...(frame.thrown ? [element('span', { class: 'mark' }, 'thrown here')] : []),
  ];
}
