import type { Api } from '../api.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { type Filters, isNarrowed, toPageAddress } from '../list/filters.js';
import { findNeighbours, type Neighbours } from '../list/neighbours.js';

const none: Neighbours = { previous: null, next: null };

/** The way back to the list somebody came from, and to the errors beside this one there. */
export class NeighbourLinks {
  readonly element: HTMLElement;
  private readonly back = element('a', { class: 'back', 'aria-keyshortcuts': 'Escape' });
  private readonly previous = element('a', { class: 'button', 'aria-keyshortcuts': 'k' }, 'Previous');
  private readonly next = element('a', { class: 'button', 'aria-keyshortcuts': 'j' }, 'Next');

  constructor(private readonly api: Api) {
    this.element = element(
      'nav',
      { class: 'detail-nav', 'aria-label': 'Errors of the list' },
      this.back,
      this.previous,
      this.next,
    );
  }

  /** Where the way back leads; the neighbours are not known yet. */
  show(filters: Filters): void {
    this.back.href = toPageAddress(filters);
    this.back.textContent = isNarrowed(filters) ? 'Matching errors' : 'All errors';
    this.showNeighbours(null);
  }

  async load(id: number, filters: Filters, signal: AbortSignal): Promise<void> {
    try {
      const neighbours = await findNeighbours(this.api, id, filters, signal);
      if (!signal.aborted) this.showNeighbours(neighbours);
    } catch (error) {
      // The error itself is worth showing without them.
      if (!signal.aborted && !(error instanceof ApiError)) throw error;
    }
  }

  goBack(): void {
    this.back.click();
  }

  goPrevious(): void {
    this.previous.click();
  }

  goNext(): void {
    this.next.click();
  }

  private showNeighbours(neighbours: Neighbours | null): void {
    const { previous, next } = neighbours ?? none;
    for (const [link, address] of [
      [this.previous, previous],
      [this.next, next],
    ] as const) {
      link.hidden = neighbours === null;
      if (address) link.href = address;
      else link.removeAttribute('href');
      if (address) link.removeAttribute('aria-disabled');
      else link.setAttribute('aria-disabled', 'true');
    }
  }
}
