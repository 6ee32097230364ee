import type { SourceFrame } from '../api-answers.js';
import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { shorten } from '../text.js';

/** Lines of minified files may have any length. */
const longestLineShown = 1_000;

/** The source around the line that a frame stands at, which is marked; null when none was sent. */
export function sourceLines({
  before = [],
  source,
  after = [],
  line,
  thrown,
}: SourceFrame): HTMLElement | null {
  if (source === undefined && before.length + after.length === 0) return null;
  const texts = [...before, ...(source === undefined ? [] : [source]), ...after];
  while (texts.length > before.length + 1 && texts.at(-1)?.trim() === '') texts.pop();
  const first = line === null ? null : line - before.length;
  const lines = texts.map((text, index) =>
    lineOf(
      text,
      first === null ? null : first + index,
      source !== undefined && index === before.length,
      thrown,
    ),
  );
  const span = first === null ? 'Source' : `Source, lines ${first} to ${first + texts.length - 1}`;
  return element(
    'pre',
    { class: 'source', tabindex: '0', role: 'group', 'aria-label': span },
    element('span', { class: 'lines' }, ...lines),
  );
}

function lineOf(text: string, number: number | null, isMarked: boolean, thrown: boolean): HTMLElement {
  const kind = isMarked ? (thrown ? ' marked thrown' : ' marked') : '';
  return element(
    'span',
    { class: `line${kind}`, ...(isMarked ? { 'aria-current': 'true' } : {}) },
    element('span', { class: 'line-number' }, number === null ? '' : String(number)),
    // A line break of its own, so that lines are copied as lines.
    element(
      'code',
      { class: 'outside' },
      `${shorten(readable(text).replace(/\n+$/, ''), longestLineShown)}\n`,
    ),
  );
}
