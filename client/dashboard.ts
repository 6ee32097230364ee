import { type Api, ApiError, type ErrorPage, pageSize } from './api.js';
import { announce, byId, element } from './elements.js';
import { emptyState, unknownError } from './empty-state.js';
import { ErrorList } from './error-list.js';
import { showFailure } from './failure-notice.js';
import { FilterBar } from './filter-bar.js';
import { type Filters, noFilters, parseErrorId, parseFilters, toPageAddress } from './filters.js';

/**
 * The list of errors with its filters. It is closed until it gets an `Api`, and asks nothing while closed.
 * Open, it shows exactly one of: loading, a page of errors, why there are none, or why it does not know.
 */
export class Dashboard {
  private readonly place = byId('dashboard', HTMLElement);
  private readonly notice = byId('notice', HTMLElement);
  private readonly filterBar = new FilterBar((filters) => this.filter(filters));
  private readonly list = new ErrorList({
    onPage: (offset) => this.turnTo(offset),
    onResolved: () => void this.load(),
  });
  private api: Api | null = null;
  private filters = parseFilters(location.search);
  private request = new AbortController();
  /** all that have reported; `null` until known */
  private projects: readonly string[] | null = null;

  constructor() {
    window.addEventListener('popstate', () => {
      this.filters = parseFilters(location.search);
      this.filterBar.show(this.filters);
      void this.load();
    });
  }

  open(api: Api): void {
    this.api = api;
    this.place.hidden = false;
    this.filterBar.show(this.filters);
    void this.load();
  }

  close(): void {
    this.api = null;
    this.projects = null;
    this.request.abort();
    this.place.hidden = true;
    this.list.hide();
    this.notice.replaceChildren();
    this.filterBar.setProjects([]);
  }

  private filter(filters: Filters): void {
    if (toPageAddress(filters) === toPageAddress(this.filters)) return;
    // Going back leaves a search as a whole, not letter by letter.
    const typingOn = filters.search !== this.filters.search && this.filters.search !== '';
    this.go(filters, typingOn ? 'replace' : 'push');
  }

  private turnTo(offset: number): void {
    this.go({ ...this.filters, offset }, 'push');
    this.list.scrollToTop();
  }

  private go(filters: Filters, step: 'push' | 'replace'): void {
    this.filters = filters;
    const address = toPageAddress(filters);
    if (step === 'push' && address !== location.pathname + location.search) {
      history.pushState(null, '', address);
    } else {
      history.replaceState(null, '', address);
    }
    this.filterBar.show(filters);
    void this.load();
  }

  private async load(): Promise<void> {
    const { api, filters } = this;
    if (!api) return;
    this.request.abort();
    const { signal } = (this.request = new AbortController());
    this.showLoading();
    const errorId = parseErrorId(location.pathname);
    this.filterBar.setHidden(errorId !== null);
    try {
      if (errorId !== null) {
        await this.loadOne(api, errorId, signal);
        return;
      }
      const projects = this.projects?.length ? null : this.loadProjects(api, signal);
      const page = await api.listErrors(filters, signal);
      if (page.errors.length === 0) await projects;
      if (!signal.aborted) this.show(api, page, filters);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.list.hide();
      showFailure(this.notice, error, () => void this.load());
    }
  }

  private async loadOne(api: Api, id: number, signal: AbortSignal): Promise<void> {
    try {
      const { error } = await api.getError(id, signal);
      if (signal.aborted) return;
      this.list.showOne(api, error);
      this.notice.replaceChildren(this.linkToAll());
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiError) || error.status !== 404) throw error;
      this.list.hide();
      this.notice.replaceChildren(unknownError(id, this.linkToAll()));
      announce(`There is no error ${id}`);
    }
  }

  private linkToAll(): HTMLElement {
    const link = element('a', { href: '/' }, 'All errors');
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(noFilters, 'push');
    });
    return element('p', { class: 'all-errors' }, link);
  }

  /** The list is worth showing without the projects, so a failure here is only marked in their choice. */
  private async loadProjects(api: Api, signal: AbortSignal): Promise<void> {
    try {
      this.projects = await api.listProjects(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.projects = null;
    }
    if (!signal.aborted) this.filterBar.setProjects(this.projects);
  }

  private showLoading(): void {
    const listed = !byId('list', HTMLElement).hidden;
    if (listed) this.list.setBusy(true);
    else this.notice.replaceChildren(element('p', { class: 'loading' }, 'Loading errors …'));
  }

  private show(api: Api, page: ErrorPage, filters: Filters): void {
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
      return;
    }
    this.notice.replaceChildren();
    this.list.show(api, page, filters);
    const known = new Set(this.projects);
    if (this.projects && page.errors.some((error) => !known.has(error.project))) {
      void this.loadProjects(api, this.request.signal);
    }
  }
}
