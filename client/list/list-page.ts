import type { Action, Changes, ErrorPage } from '../api-answers.js';
import { changeErrors } from '../change-errors.js';
import { announce, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import type { Page, Shell, Shortcut } from '../page.js';
import { skeleton } from '../skeleton.js';
import { StaleNote } from '../stale-note.js';
import { emptyState } from './empty-state.js';
import { ErrorList } from './error-list.js';
import type { ErrorRow } from './error-row.js';
import { EventLine } from './event-line.js';
import { FilterBar } from './filter-bar.js';
import { type Filters, pageSize, parseFilters, toPageAddress } from './filters.js';
import { ListReader } from './list-reader.js';
import { rememberPage } from './neighbours.js';
import { NewErrorsBar } from './new-errors-bar.js';
import { SelectionBar } from './selection-bar.js';

export function listPage(shell: Shell): Page {
  return new ListPage(shell);
}

/**
 * The list of errors with its filters, all of them in the address.
 *
 * It shows exactly one of: loading, a page of errors, why there are none, or why it does not know. What happens on the
 * server meanwhile changes figures in place; errors that would come in between are only announced above the list.
 */
class ListPage implements Page {
  readonly element: HTMLElement;
  readonly shortcuts: readonly Shortcut[];
  private readonly heading = element('h1', { tabindex: '-1' }, 'Errors');
  private readonly notice = element('div', { class: 'notice-place' });
  private readonly stale = new StaleNote();
  private readonly filterBar: FilterBar;
  private readonly eventLine: EventLine;
  private readonly newErrors = new NewErrorsBar(() => this.showNewErrors());
  private readonly list = new ErrorList({
    onPage: (offset) => this.turnTo(offset),
    onChart: (chart) => this.go({ ...this.filters, chart }, 'push'),
    onSelect: () => this.showSelection(),
    onToggle: (row) => void this.toggle(row),
  });
  private readonly selection = new SelectionBar(
    (action) => void this.change(action, this.list.selectedIds),
    () => this.clearSelection(),
  );
  private filters = parseFilters('');
  private readonly reader: ListReader;
  private readonly changing = new Set<number>();
  /** the error whose detail was opened from here, to go on at on the way back */
  private left: number | null = null;

  constructor(private readonly shell: Shell) {
    this.filterBar = new FilterBar(
      shell.api,
      (filters) => this.filter(filters),
      () => this.eventLine.open(),
    );
    this.eventLine = new EventLine(shell.api, () => this.hideEmptiness());
    this.reader = new ListReader(shell, {
      onLoading: () => this.showLoading(),
      onPage: (page) => this.showPage(page),
      onKept: () => this.list.setBusy(false),
      onQuietPage: (page, readAt) => this.showQuietly(page, readAt),
      onFailure: (error) => {
        this.list.hide();
        this.showSelection();
        showFailure(this.notice, error, () => void this.reader.load());
      },
      onChanges: (changes) => this.noteChanges(changes),
      onProjects: (projects) => this.filterBar.setProjects(projects),
      onStale: (readAt, error) => this.stale.show(readAt, error),
    });
    this.element = element(
      'div',
      { class: 'list-page' },
      this.heading,
      this.filterBar.element,
      this.stale.element,
      this.eventLine.element,
      this.newErrors.element,
      this.notice,
      this.list.element,
      this.selection.element,
    );
    this.shortcuts = [
      { keys: ['/'], label: 'Search', run: () => this.filterBar.focusSearch() },
      { keys: ['j', 'ArrowDown'], label: 'Next error', repeats: true, run: () => this.list.move(1) },
      { keys: ['k', 'ArrowUp'], label: 'Previous error', repeats: true, run: () => this.list.move(-1) },
      { keys: ['Enter', 'o'], label: 'Open the error', run: () => this.openCurrent() },
      { keys: ['x'], label: 'Select the error', run: () => this.list.toggleCurrent() },
      { keys: ['e'], label: 'Resolve or reopen the error, or all selected', run: () => this.toggleCurrent() },
      { keys: ['Escape'], label: 'Select nothing', run: () => this.clearSelection() },
    ];
  }

  show(address: URL): void {
    this.filters = parseFilters(address.search);
    this.filterBar.show(this.filters);
    document.title = titleOf(this.filters);
    this.reader.open(this.filters);
    this.eventLine.show(this.filters);
    if (address.searchParams.get('search') === '') this.filterBar.focusSearch();
  }

  focus(): void {
    if (document.activeElement !== document.body) return;
    if (this.left === null || !this.list.focusError(this.left)) this.heading.focus({ preventScroll: true });
    this.left = null;
  }

  leave(): void {
    this.left = this.list.current?.error.id ?? null;
    this.filterBar.leave();
    this.eventLine.leave();
    this.reader.leave();
  }

  private filter(filters: Filters): void {
    if (toPageAddress(filters) === toPageAddress(this.filters)) return;
    // Going back leaves a search as a whole, not letter by letter.
    const typingOn = filters.search !== this.filters.search && this.filters.search !== '';
    this.go(filters, typingOn ? 'replace' : 'push');
  }

  private turnTo(offset: number): void {
    this.clearSelection();
    this.go({ ...this.filters, offset }, 'push');
    this.scrollToTop();
  }

  private scrollToTop(): void {
    window.scrollTo({ top: 0 });
    this.heading.focus({ preventScroll: true });
  }

  private go(filters: Filters, step: 'push' | 'replace'): void {
    this.shell.go(toPageAddress(filters), step);
  }

  private showLoading(): void {
    if (!this.list.element.hidden) this.list.setBusy(true);
    else this.notice.replaceChildren(skeleton('Loading errors', 6));
  }

  private showPage(page: ErrorPage): void {
    const { filters } = this;
    this.newErrors.hide();
    if (page.errors.length === 0 && page.total > 0 && filters.offset > 0) {
      // The last rows of the last page were resolved, or the address is an old one.
      const lastOffset = Math.floor((page.total - 1) / pageSize) * pageSize;
      this.go({ ...filters, offset: lastOffset < filters.offset ? lastOffset : 0 }, 'replace');
      return;
    }
    if (page.errors.length === 0) {
      this.list.hide();
      this.showEmptiness(page);
    } else {
      this.notice.replaceChildren();
      this.list.show(page, filters);
      rememberPage(filters, this.list.ids, page.total);
    }
    this.showSelection();
  }

  private showEmptiness(page: ErrorPage): void {
    const empty = emptyState(this.filters, this.reader.projects, page.searched_newest ?? null, (next) =>
      this.go(next, 'push'),
    );
    this.notice.replaceChildren(empty);
    announce(empty.querySelector('h2')?.textContent ?? '');
    if (this.eventLine.isFound) this.hideEmptiness();
  }

  /** Who searched for an event was shown the way to it: that no text has its id says nothing. */
  private hideEmptiness(): void {
    if (this.list.element.hidden) this.notice.querySelector('.notice.no-match')?.remove();
  }

  private showQuietly(page: ErrorPage, readAt: Date): void {
    if (this.list.element.hidden) {
      // Why there is nothing is still the same: drawing it again would take the focus away.
      if (page.errors.length > 0) this.showPage(page);
      return;
    }
    this.list.updateFrom(page);
    const unseen = page.errors.filter(({ id }) => !this.list.has(id));
    if (this.filters.offset === 0) this.newErrors.show(unseen, readAt);
  }

  private noteChanges({ changes }: Changes): void {
    for (const { id, kind } of changes) {
      const error = this.list.find(id);
      if (error && kind === 'deleted') this.list.showDeleted(id);
      else if (error) this.list.update([{ ...error, resolved: kind === 'resolved' }]);
    }
    this.showSelection();
  }

  private showNewErrors(): void {
    this.scrollToTop();
    void this.reader.load();
  }

  private showSelection(): void {
    this.list.showSelection();
    this.selection.show(this.list.selectedIds.length);
  }

  private clearSelection(): void {
    this.list.clearSelection();
    this.showSelection();
  }

  private openCurrent(): void {
    this.list.current?.element.querySelector('a')?.click();
  }

  private toggleCurrent(): void {
    const ids = this.list.selectedIds;
    const { current } = this.list;
    if (ids.length > 0) {
      const isAllResolved = ids.every((id) => this.list.find(id)?.resolved);
      void this.change(isAllResolved ? 'reopen' : 'resolve', ids);
    } else if (current) {
      void this.toggle(current);
    }
  }

  private async toggle({ error }: ErrorRow): Promise<void> {
    await this.change(error.resolved ? 'reopen' : 'resolve', [error.id]);
  }

  /** What is under way for an error is not asked for twice: the second answer would take the way back away. */
  private async change(action: Action, asked: readonly number[]): Promise<void> {
    const ids = asked.filter((id) => !this.changing.has(id));
    for (const id of ids) this.changing.add(id);
    this.list.noteFocus();
    this.list.setBusyRows(ids, true);
    await changeErrors(this.shell, action, ids, (answer) => {
      // After a failure what is shown and selected stays; it is only looked at whether it is still true.
      if (!answer) {
        this.reader.readSoon();
        return;
      }
      this.clearSelection();
      void this.reader.load();
    });
    this.list.setBusyRows(ids, false);
    for (const id of ids) this.changing.delete(id);
  }
}

function titleOf({ state, project, search }: Filters): string {
  const what = state === 'resolved' ? 'Resolved errors' : 'Errors';
  const where = project ? ` in ${project}` : '';
  return `${what}${where}${search ? ` matching “${search}”` : ''} · Error tracker`;
}
