import type { Overview } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { announce, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import type { LiveState } from '../live.js';
import type { Page, Shell } from '../page.js';
import { QuietReader } from '../quiet-reader.js';
import { skeleton } from '../skeleton.js';
import { StaleNote } from '../stale-note.js';
import {
  pageSize,
  parseOverviewFilters,
  type OverviewFilters,
  toOverviewAddress,
} from './overview-filters.js';
import { ProjectList } from './project-list.js';
import { UnattachedFeedback } from './unattached-feedback.js';

/** What changes on the server is read at most this often, also when it changes all the time. */
const quietPauseMs = 5_000;

export function overviewPage(shell: Shell): Page {
  return new OverviewPage(shell);
}

/**
 * How all projects are doing. It shows exactly one of: loading, a page of projects, that there are none yet, or why it
 * does not know. Figures change in place while the server tells of changes.
 */
class OverviewPage implements Page {
  readonly element: HTMLElement;
  readonly shortcuts = [];
  private readonly heading = element('h1', { tabindex: '-1' }, 'Projects');
  private readonly stale = new StaleNote();
  private readonly notice = element('div', { class: 'notice-place' });
  private readonly list = new ProjectList({
    onRange: (range) => this.shell.go(toOverviewAddress({ ...this.filters, range })),
    onPage: (offset) => this.turnTo(offset),
  });
  private readonly feedback: UnattachedFeedback;
  private filters: OverviewFilters = { range: '24h', offset: 0 };
  private request = new AbortController();
  /** when the figures that are shown were read; `null` while none are */
  private readAt: Date | null = null;
  /** nothing is shown since it could not be read */
  private hasFailed = false;
  private readonly quiet = new QuietReader(quietPauseMs, () => this.readQuietly());
  private following: (() => void)[] = [];

  constructor(private readonly shell: Shell) {
    this.feedback = new UnattachedFeedback(shell.api);
    this.element = element(
      'div',
      { class: 'overview-page' },
      this.heading,
      this.stale.element,
      this.notice,
      this.list.element,
      this.feedback.element,
    );
  }

  show(address: URL): void {
    this.filters = parseOverviewFilters(address.searchParams);
    document.title = 'Projects · Error tracker';
    this.follow();
    void this.load();
  }

  focus(): void {
    this.heading.focus({ preventScroll: true });
  }

  leave(): void {
    for (const end of this.following) end();
    this.following = [];
    this.request.abort();
    this.quiet.stop();
  }

  private follow(): void {
    if (this.following.length > 0) return;
    const { live } = this.shell;
    this.following = [live.onChanges(() => this.readSoon()), live.onState((state) => this.noteLive(state))];
  }

  private turnTo(offset: number): void {
    this.shell.go(toOverviewAddress({ ...this.filters, offset }));
    window.scrollTo({ top: 0 });
    this.focus();
  }

  private async load(): Promise<void> {
    this.request.abort();
    this.quiet.noteRead();
    const { signal } = (this.request = new AbortController());
    if (this.list.element.hidden) this.notice.replaceChildren(skeleton('Loading projects', 6));
    else this.list.setBusy(true);
    try {
      const page = await this.read(signal);
      if (!signal.aborted) this.showPage(page);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.hasFailed = true;
      this.readAt = null;
      this.list.hide();
      this.stale.show(null);
      showFailure(this.notice, error, () => void this.load());
    }
  }

  private read(signal: AbortSignal): Promise<Overview> {
    const { range, offset } = this.filters;
    return this.shell.api.getOverview(range, pageSize, offset, signal);
  }

  private showPage(page: Overview): void {
    this.noteRead();
    void this.feedback.load(this.request.signal);
    if (page.projects.length > 0) {
      this.notice.replaceChildren();
      this.list.show(page, this.filters);
    } else if (page.total > 0 && this.filters.offset > 0) {
      // The address is an old one, or a mistyped one.
      const offset = Math.floor((page.total - 1) / pageSize) * pageSize;
      this.shell.go(toOverviewAddress({ ...this.filters, offset }), 'replace');
    } else {
      this.list.hide();
      this.notice.replaceChildren(noProjects());
      announce('No projects yet');
    }
  }

  private noteRead(): void {
    this.hasFailed = false;
    this.readAt = new Date();
    this.stale.show(null);
  }

  private noteLive(state: LiveState): void {
    if (state === 'on' && this.hasFailed) void this.load();
    else if (state === 'on') this.readSoon();
    else if (state === 'connecting' && !navigator.onLine) this.stale.show(this.readAt);
  }

  private readSoon(): void {
    if (this.readAt !== null) this.quiet.readSoon();
  }

  /** Fills in what changed; when it cannot be read, what is shown stays and says how old it is. */
  private async readQuietly(): Promise<void> {
    const { signal } = this.request;
    try {
      const page = await this.read(signal);
      if (signal.aborted) return;
      if (this.list.element.hidden || page.projects.length === 0) {
        this.showPage(page);
        return;
      }
      this.noteRead();
      void this.feedback.load(signal);
      this.list.update(page, this.filters);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError) this.stale.show(this.readAt, error);
      throw error;
    }
  }
}

function noProjects(): HTMLElement {
  return element(
    'div',
    { class: 'notice' },
    element('h2', {}, 'No projects yet'),
    element('p', {}, 'A project shows up here with its first report. Nothing has to be set up for it.'),
    element('a', { href: '/setup', class: 'button' }, 'Send a first error'),
  );
}
