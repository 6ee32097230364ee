import { button, element } from '../elements.js';
import { readable } from '../readable-text.js';
import { readTag } from '../tag-text.js';
import { shorten } from '../text.js';
import { type Filters, noFilters } from './filters.js';

const longestShown = 60;

/** What the list is narrowed by beside what the bar always shows; each can be taken away. */
export class FilterChips {
  readonly element = element('div', { class: 'chips', role: 'group', 'aria-label': 'Filters that are set' });

  /** @param onChange gets the filters without what was taken away */
  constructor(private readonly onChange: (filters: Filters) => void) {}

  /** @returns whether the focus was on one and has nowhere to go, since none is left */
  show(filters: Filters): boolean {
    const at = [...this.element.children].indexOf(document.activeElement as Element);
    const { environment, release, level, user, tag } = filters;
    const chips = [
      environment && this.chip(`environment: ${environment}`, { ...filters, environment: '' }),
      release && this.chip(`release: ${release}`, { ...filters, release: '' }),
      level && this.chip(`level: ${level}`, { ...filters, level: '' }),
      user && this.chip(`user: ${user}`, { ...filters, user: '' }),
      ...tag.map((each) =>
        this.chip(readTag(each)?.join(': ') ?? each, {
          ...filters,
          tag: tag.filter((other) => other !== each),
        }),
      ),
    ].filter((chip) => chip !== '');
    this.element.hidden = chips.length === 0;
    const clear = button('Clear filters', () => this.onChange(noFilters), { class: 'link' });
    this.element.replaceChildren(...chips, clear);
    // The focus stays in its place, on the next one.
    if (at >= 0 && chips.length > 0) (this.element.children[at] as HTMLElement | undefined)?.focus();
    return at >= 0 && chips.length === 0;
  }

  private chip(text: string, without: Filters): HTMLButtonElement {
    const made = button('', () => this.onChange({ ...without, offset: 0 }), { class: 'chip' });
    made.title = text;
    made.append(
      element('span', { class: 'visually-hidden' }, 'Remove '),
      element('span', { class: 'outside' }, readable(shorten(text, longestShown))),
      element('span', { 'aria-hidden': 'true' }, '✕'),
    );
    return made;
  }
}
