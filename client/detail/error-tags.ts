import type { ErrorDetail } from '../api-answers.js';
import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine } from '../text.js';
import { tagValues } from './tag-values.js';

/** The header of the error has them. */
const shownAbove = ['environment', 'release'];
const longestNameShown = 200;

/** The tags of all reports of an error with their values; nothing when reports have none, or there is only one. */
export class ErrorTags {
  readonly element: HTMLElement;
  private readonly list = element('dl', { class: 'facts-list' });
  private shown = '';

  constructor() {
    this.element = element(
      'section',
      { class: 'panel all-tags', 'aria-label': 'Tags of all reports', hidden: '' },
      element('div', { class: 'panel-head' }, element('h2', {}, 'Tags of all reports')),
      this.list,
    );
  }

  /** Values may have been unfolded: only other ones replace them. */
  show({ tags, count }: ErrorDetail): void {
    const others = tags.filter(({ name }) => !shownAbove.includes(name));
    this.element.hidden = others.length === 0 || count === 1;
    const shown = JSON.stringify(others);
    if (shown === this.shown) return;
    this.shown = shown;
    this.list.replaceChildren(
      ...others.flatMap((tag) => [
        element('dt', { class: 'outside' }, oneLine(readable(tag.name), longestNameShown)),
        element('dd', {}, tagValues(tag)),
      ]),
    );
  }
}
