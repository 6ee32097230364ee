import type { Action, Changes, ErrorPage } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { changeErrors } from '../change-errors.js';
import { announce, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import type { LiveState } from '../live.js';
import type { Page, Shell, Shortcut } from '../page.js';
import { skeleton } from '../skeleton.js';
import { localTime } from '../time.js';
import { emptyState } from './empty-state.js';
import { ErrorList } from './error-list.js';
import type { ErrorRow } from './error-row.js';
import { FilterBar } from './filter-bar.js';
import { type Filters, pageSize, parseFilters, toApiQuery, toPageAddress } from './filters.js';
import { rememberPage } from './neighbours.js';
import { NewErrorsBar } from './new-errors-bar.js';
import { SelectionBar } from './selection-bar.js';

/** What changes on the server is read at most this often, also when it changes all the time. */
const quietPauseMs = 3_000;
/** After the first change; more of them often follow at once. */
const quietDelayMs = 300;

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
  private readonly stale = element('p', { class: 'stale', hidden: '' });
  private readonly filterBar = new FilterBar((filters) => this.filter(filters));
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
  private request = new AbortController();
  /** all that have reported; `null` until known */
  private projects: readonly string[] | null = null;
  /** when the page that is shown was read; `null` while none is */
  private readAt: Date | null = null;
  private quietTimer: ReturnType<typeof setTimeout> | undefined;
  private quietReadAt = 0;
  private following: (() => void)[] = [];
  /** the error whose detail was opened from here, to go on at on the way back */
  private left: number | null = null;

  constructor(private readonly shell: Shell) {
    this.element = element(
      'div',
      { class: 'list-page' },
      this.heading,
      this.filterBar.element,
      this.stale,
      this.newErrors.element,
      this.notice,
      this.list.element,
      this.selection.element,
    );
    this.shortcuts = [
      { keys: ['/'], label: 'Search', run: () => this.filterBar.focusSearch() },
      { keys: ['j', 'ArrowDown'], label: 'Next error', run: () => this.list.move(1) },
      { keys: ['k', 'ArrowUp'], label: 'Previous error', run: () => this.list.move(-1) },
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
    this.follow();
    void this.load();
    if (address.searchParams.get('search') === '') this.filterBar.focusSearch();
  }

  focus(): void {
    if (document.activeElement !== document.body) return;
    if (this.left === null || !this.list.focusError(this.left)) this.heading.focus({ preventScroll: true });
    this.left = null;
  }

  leave(): void {
    this.left = this.list.current?.error.id ?? null;
    for (const end of this.following) end();
    this.following = [];
    this.request.abort();
    clearTimeout(this.quietTimer);
  }

  private follow(): void {
    if (this.following.length > 0) return;
    const { live } = this.shell;
    this.following = [
      live.onChanges((changes) => this.noteChanges(changes)),
      live.onState((state) => this.noteLive(state)),
    ];
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

  private async load(): Promise<void> {
    const { filters } = this;
    this.request.abort();
    clearTimeout(this.quietTimer);
    const { signal } = (this.request = new AbortController());
    this.showLoading();
    const readAt = new Date();
    try {
      const projects = this.projects?.length ? null : this.loadProjects(signal);
      const page = await this.shell.api.listErrors(toApiQuery(filters), signal);
      if (page.errors.length === 0) await projects;
      if (signal.aborted) return;
      this.readAt = this.quietReadAtNow(readAt);
      this.showPage(page, filters);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.readAt = null;
      this.list.hide();
      this.showSelection();
      showFailure(this.notice, error, () => void this.load());
    }
  }

  /** The list is worth showing without the projects, so a failure here is only marked in their choice. */
  private async loadProjects(signal: AbortSignal): Promise<void> {
    try {
      this.projects = await this.shell.api.listProjects(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.projects = null;
    }
    if (!signal.aborted) this.filterBar.setProjects(this.projects);
  }

  private showLoading(): void {
    if (!this.list.element.hidden) this.list.setBusy(true);
    else this.notice.replaceChildren(skeleton('Loading errors', 6));
  }

  private showPage(page: ErrorPage, filters: Filters): void {
    this.newErrors.hide();
    if (page.errors.length === 0 && page.total > 0 && filters.offset > 0) {
      // The last rows of the last page were resolved, or the address is an old one.
      const lastOffset = Math.floor((page.total - 1) / pageSize) * pageSize;
      this.go({ ...filters, offset: lastOffset < filters.offset ? lastOffset : 0 }, 'replace');
      return;
    }
    if (page.errors.length === 0) {
      const empty = emptyState(filters, this.projects, (next) => this.go(next, 'push'));
      this.list.hide();
      this.notice.replaceChildren(empty);
      announce(empty.querySelector('h2')?.textContent ?? '');
    } else {
      this.notice.replaceChildren();
      this.list.show(page, filters);
      this.remember(page, filters);
    }
    this.showSelection();
  }

  private remember(page: ErrorPage, filters: Filters): void {
    rememberPage(filters, this.list.ids, page.total);
    const known = new Set(this.projects);
    if (this.projects && page.errors.some((error) => !known.has(error.project))) {
      void this.loadProjects(this.request.signal);
    }
  }

  private noteChanges({ changes, more }: Changes): void {
    for (const { id, kind } of changes) {
      const error = this.list.find(id);
      if (error && kind === 'deleted') this.list.showDeleted(id);
      else if (error) this.list.update([{ ...error, resolved: kind === 'resolved' }]);
    }
    const { project } = this.filters;
    if (more || !project || changes.some((change) => change.project === project)) this.readSoon();
  }

  private readSoon(): void {
    if (this.readAt === null) return;
    clearTimeout(this.quietTimer);
    const earliest = this.quietReadAt + quietPauseMs - Date.now();
    this.quietTimer = setTimeout(() => void this.readQuietly(), Math.max(quietDelayMs, earliest));
  }

  /** Reads the page that is shown again and fills in what changed, without moving anything. */
  private async readQuietly(): Promise<void> {
    const { filters, readAt } = this;
    const { signal } = this.request;
    if (readAt === null) return;
    this.quietReadAt = Date.now();
    try {
      const page = await this.shell.api.listErrors(toApiQuery(filters), signal);
      if (signal.aborted || filters !== this.filters) return;
      this.showStale(null);
      if (this.list.element.hidden) this.showPage(page, filters);
      else this.showQuietly(page, readAt);
    } catch (error) {
      if (!(error instanceof ApiError) || signal.aborted) return;
      // What is shown stays; live following tries again by itself.
      this.showStale(readAt);
      if (error.failure === 'rate-limited') this.quietReadAt = Date.now() + error.retryAfterSeconds * 1_000;
    }
  }

  private showQuietly(page: ErrorPage, readAt: Date): void {
    this.list.update(page.errors);
    const unseen = page.errors.filter(({ id }) => !this.list.has(id));
    const isFirstPage = this.filters.offset === 0;
    if (isFirstPage) this.newErrors.show(unseen, readAt);
  }

  private showNewErrors(): void {
    this.scrollToTop();
    void this.load();
  }

  private noteLive(state: LiveState): void {
    if (this.readAt === null) return;
    if (state === 'on') this.readSoon();
    else if (state === 'connecting' && !navigator.onLine) this.showStale(this.readAt);
  }

  private quietReadAtNow(readAt: Date): Date {
    this.quietReadAt = Date.now();
    this.showStale(null);
    return readAt;
  }

  private showStale(readAt: Date | null): void {
    this.stale.hidden = readAt === null;
    if (readAt)
      this.stale.textContent = `No connection: this is how it was at ${localTime(readAt).slice(-8)}.`;
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

  private async change(action: Action, ids: readonly number[]): Promise<void> {
    this.list.noteFocus();
    this.list.setBusyRows(ids, true);
    await changeErrors(this.shell, action, ids, () => {
      this.clearSelection();
      void this.load();
    });
    this.list.setBusyRows(ids, false);
  }
}

function titleOf({ state, project, search }: Filters): string {
  const what = state === 'resolved' ? 'Resolved errors' : 'Errors';
  const where = project ? ` in ${project}` : '';
  return `${what}${where}${search ? ` matching “${search}”` : ''} · Error tracker`;
}
