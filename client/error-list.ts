import { type Api, type ErrorPage, type ErrorSummary, pageSize } from './api.js';
import { announce, byId } from './elements.js';
import { ErrorRow } from './error-row.js';
import { type Filters, noFilters } from './filters.js';
import { formatCount, plural } from './text.js';

interface ErrorListEvents {
  onPage: (offset: number) => void;
  onResolved: () => void;
}

/** One page of errors and the way to the pages beside it. */
export class ErrorList {
  private readonly heading = byId('errors-heading', HTMLElement);
  private readonly section = byId('list', HTMLElement);
  private readonly items = byId('errors', HTMLElement);
  private readonly summary = byId('summary', HTMLElement);
  private readonly pager = byId('pager', HTMLElement);
  private readonly range = byId('range', HTMLElement);
  private readonly previous = byId('previous', HTMLButtonElement);
  private readonly next = byId('next', HTMLButtonElement);
  private rows = new Map<number, ErrorRow>();
  private offset = 0;
  /** the row to focus when the one that was resolved has left the list */
  private focusAt: number | null = null;

  constructor(private readonly events: ErrorListEvents) {
    this.previous.addEventListener('click', () => events.onPage(Math.max(0, this.offset - pageSize)));
    this.next.addEventListener('click', () => events.onPage(this.offset + pageSize));
  }

  /** While a newer page is on its way the old one stays, marked as busy. */
  setBusy(busy: boolean): void {
    this.section.setAttribute('aria-busy', String(busy));
  }

  show(api: Api, page: ErrorPage, filters: Filters): void {
    this.setBusy(false);
    this.section.hidden = false;
    this.offset = page.offset;
    this.showRows(api, page);
    this.showCounts(page, filters);
    this.restoreFocus();
  }

  /** Shows one error alone, with its detail. */
  showOne(api: Api, error: ErrorSummary): void {
    this.show(api, { errors: [error], total: 1, limit: 1, offset: 0 }, { ...noFilters, state: 'all' });
    this.rows.get(error.id)?.open();
  }

  hide(): void {
    this.setBusy(false);
    this.section.hidden = true;
    for (const row of this.rows.values()) row.close();
    this.rows.clear();
    this.restoreFocus();
  }

  scrollToTop(): void {
    window.scrollTo({ top: 0 });
    this.heading.focus({ preventScroll: true });
  }

  /** Rows of errors that are still listed are kept, so that an open detail stays open. */
  private showRows(api: Api, page: ErrorPage): void {
    const before = this.rows;
    this.rows = new Map();
    for (const error of page.errors) {
      const kept = before.get(error.id);
      kept?.update(error);
      this.rows.set(error.id, kept ?? new ErrorRow(error, api, (row) => this.resolved(row)));
    }
    for (const [id, row] of before) {
      if (!this.rows.has(id)) row.close();
    }
    // Only what changed place is moved: moving a row loses its focus and how far its detail is scrolled.
    let place = this.items.firstElementChild;
    for (const { element } of this.rows.values()) {
      if (element === place) place = place.nextElementSibling;
      else this.items.insertBefore(element, place);
    }
  }

  private showCounts(page: ErrorPage, filters: Filters): void {
    const { errors, offset, total } = page;
    const kind = filters.state === 'all' ? 'error' : `${filters.state} error`;
    const filtered = filters.project || filters.search ? ' matching' : '';
    const atLeast = page.total_is_lower_bound ? 'over ' : '';
    const summary = `${atLeast}${plural(total, kind)}${filtered}`;
    const shown = `${formatCount(offset + 1)}–${formatCount(offset + errors.length)}`;
    const range = `${shown} of ${atLeast}${formatCount(total)}`;
    this.summary.textContent = summary;
    this.range.textContent = range;
    this.previous.disabled = offset === 0;
    this.next.disabled = offset + errors.length >= total;
    this.pager.hidden = this.previous.disabled && this.next.disabled;
    if (this.focusAt === null) announce(`${summary}, ${range} shown`);
  }

  private resolved(row: ErrorRow): void {
    this.focusAt = [...this.rows.values()].indexOf(row);
    this.events.onResolved();
  }

  private restoreFocus(): void {
    if (this.focusAt === null) return;
    const rows = [...this.rows.values()];
    const row = rows[Math.min(this.focusAt, rows.length - 1)];
    this.focusAt = null;
    // Somebody who has moved on in the meantime is left where they are.
    if (document.activeElement === document.body) (row ?? this.heading).focus();
  }
}
