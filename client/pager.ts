import { button, element } from './elements.js';
import { formatCount } from './text.js';

/** Which part of a list is shown, out of how many. */
export interface Part {
  offset: number;
  shown: number;
  total: number;
  /** there are more than `total` */
  isLowerBound?: boolean | undefined;
}

/** The way to the pages beside the one that is shown; hidden while there are none. */
export class Pager {
  readonly element: HTMLElement;
  private readonly range = element('span');
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private offset = 0;

  constructor(pageSize: number, onPage: (offset: number) => void) {
    this.previous = button('Previous', () => onPage(Math.max(0, this.offset - pageSize)));
    this.next = button('Next', () => onPage(this.offset + pageSize));
    this.element = element(
      'nav',
      { class: 'pager', 'aria-label': 'Pages' },
      this.previous,
      this.range,
      this.next,
    );
  }

  /** @returns what it says: `1–50 of 53` */
  show({ offset, shown, total, isLowerBound }: Part): string {
    this.offset = offset;
    const part = `${formatCount(offset + 1)}–${formatCount(offset + shown)}`;
    this.range.textContent = `${part} of ${formatCount(total)}${isLowerBound ? '+' : ''}`;
    this.previous.disabled = offset === 0;
    this.next.disabled = offset + shown >= total && !isLowerBound;
    this.element.hidden = this.previous.disabled && this.next.disabled;
    return this.range.textContent;
  }
}
