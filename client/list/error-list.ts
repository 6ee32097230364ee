import type { ErrorPage, ErrorSummary } from '../api-answers.js';
import { announce, element, Segments } from '../elements.js';
import { Pager } from '../pager.js';
import { formatCount, plural } from '../text.js';
import { ErrorRow } from './error-row.js';
import { type Filters, isNarrowed, noFilters, pageSize, toErrorAddress } from './filters.js';

interface ErrorListEvents {
  onPage: (offset: number) => void;
  onChart: (chart: Filters['chart']) => void;
  onSelect: () => void;
  onToggle: (row: ErrorRow) => void;
}

/** One page of errors and the way to the pages beside it. */
export class ErrorList {
  readonly element: HTMLElement;
  private readonly items = element('ul', { class: 'errors' });
  private readonly summary = element('p', { class: 'total' });
  private readonly all = element('input', { type: 'checkbox', 'aria-label': 'Select all on this page' });
  private readonly chart: Segments;
  private readonly pager: Pager;
  private rows = new Map<number, ErrorRow>();
  private filters = noFilters;
  /** where the focus goes when the row that has it leaves the list */
  private focusAt: number | null = null;

  constructor(private readonly events: ErrorListEvents) {
    this.pager = new Pager(pageSize, events.onPage);
    this.chart = new Segments('Small charts', 'chart', { '24h': '24 h', '14d': '14 d' }, (chart) =>
      events.onChart(chart as Filters['chart']),
    );
    this.all.addEventListener('change', () => {
      for (const row of this.rows.values()) row.selected = this.all.checked && !row.isDeleted;
      events.onSelect();
    });
    this.element = element(
      'section',
      { class: 'list', 'aria-label': 'Errors', hidden: '' },
      element(
        'div',
        { class: 'list-head' },
        element('label', { class: 'box' }, this.all),
        this.summary,
        this.chart.element,
        element('span', { class: 'column count', 'aria-hidden': 'true' }, 'Reports'),
        element('span', { class: 'column seen', 'aria-hidden': 'true' }, 'Last seen'),
        element('span', { class: 'column action' }),
      ),
      this.items,
      this.pager.element,
    );
  }

  get selectedIds(): number[] {
    return [...this.rows.values()].filter((row) => row.selected).map((row) => row.error.id);
  }

  get ids(): number[] {
    return [...this.rows.keys()];
  }

  /** The row the focus is in. */
  get current(): ErrorRow | undefined {
    const rows = [...this.rows.values()];
    return rows.find((row) => row.hasFocus());
  }

  has(id: number): boolean {
    return this.rows.has(id);
  }

  find(id: number): ErrorSummary | undefined {
    return this.rows.get(id)?.error;
  }

  /** While a newer page is on its way the old one stays, marked as busy. */
  setBusy(busy: boolean): void {
    this.element.setAttribute('aria-busy', String(busy));
  }

  show(page: ErrorPage, filters: Filters): void {
    this.setBusy(false);
    this.element.hidden = false;
    this.filters = filters;
    this.chart.choose(filters.chart);
    this.element.dataset.state = filters.state;
    this.noteFocus();
    this.showRows(page.errors);
    const counts = this.showCounts(page);
    if (this.focusAt === null) announce(counts);
    this.showSelection();
    this.restoreFocus();
  }

  /** Newer figures of errors that are shown; the others are left out. Nothing changes its place. */
  update(errors: readonly ErrorSummary[]): void {
    for (const error of errors) {
      this.rows.get(error.id)?.show(error, this.filters.chart, toErrorAddress(error.id, this.filters));
    }
  }

  /** The page that is shown, as it is by now. Nothing changes its place. */
  updateFrom(page: ErrorPage): void {
    this.update(page.errors);
    this.showCounts(page);
  }

  showDeleted(id: number): void {
    this.rows.get(id)?.showDeleted();
  }

  hide(): void {
    this.setBusy(false);
    this.element.hidden = true;
    this.rows.clear();
    this.items.replaceChildren();
  }

  /** Moves the focus by so many rows, to the first when it is in none. */
  move(by: 1 | -1): void {
    const rows = [...this.rows.values()];
    const at = rows.findIndex((row) => row.hasFocus());
    const row = at < 0 ? rows[0] : rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    row?.focus();
  }

  toggleCurrent(): void {
    const row = this.current;
    if (!row) return;
    row.selected = !row.selected;
    this.events.onSelect();
  }

  clearSelection(): void {
    for (const row of this.rows.values()) row.selected = false;
    this.showSelection();
  }

  showSelection(): void {
    const selected = this.selectedIds.length;
    this.all.checked = selected > 0 && selected === this.rows.size;
    this.all.indeterminate = selected > 0 && selected < this.rows.size;
  }

  setBusyRows(ids: readonly number[], busy: boolean): void {
    for (const id of ids) this.rows.get(id)?.setBusy(busy);
  }

  /** Remembers which row has the focus, before it may leave the list. */
  noteFocus(): void {
    const at = [...this.rows.values()].findIndex((row) => row.hasFocus());
    if (at >= 0) this.focusAt = at;
  }

  focusError(id: number): boolean {
    const row = this.rows.get(id);
    row?.focus();
    return row !== undefined;
  }

  /** Rows of errors that are still listed are kept with their selection and focus. */
  private showRows(errors: readonly ErrorSummary[]): void {
    const before = this.rows;
    this.rows = new Map();
    for (const error of errors) {
      const row =
        before.get(error.id) ??
        new ErrorRow(error, { onSelect: this.events.onSelect, onToggle: this.events.onToggle });
      this.rows.set(error.id, row);
      row.setBusy(false);
    }
    this.update(errors);
    for (const [id, row] of before) {
      if (!this.rows.has(id)) row.element.remove();
    }
    // Only what changed place is moved: moving a row loses its focus.
    let place = this.items.firstElementChild;
    for (const row of this.rows.values()) {
      if (row.element === place) place = place.nextElementSibling;
      else this.items.insertBefore(row.element, place);
    }
  }

  private showCounts({ errors, offset, total, total_is_lower_bound: isLowerBound }: ErrorPage): string {
    const { state } = this.filters;
    const kind = state === 'all' ? 'error' : `${state} error`;
    const summary = `${isLowerBound ? `${formatCount(total)}+ ${kind}s` : plural(total, kind)}${isNarrowed(this.filters) ? ' matching' : ''}`;
    this.summary.textContent = summary;
    return `${summary}, ${this.pager.show({ offset, shown: errors.length, total, isLowerBound })} shown`;
  }

  private restoreFocus(): void {
    const at = this.focusAt;
    this.focusAt = null;
    // Somebody who has moved on in the meantime is left where they are.
    if (at === null || document.activeElement !== document.body) return;
    const rows = [...this.rows.values()];
    rows[Math.min(at, rows.length - 1)]?.focus();
  }
}
