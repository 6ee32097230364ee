import type { Changes, ErrorPage } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import type { LiveState } from '../live.js';
import type { Shell } from '../page.js';
import { QuietReader } from '../quiet-reader.js';
import { type Filters, noFilters, toApiQuery, toPageAddress } from './filters.js';

/** What changes on the server is read at most this often, also when it changes all the time. */
const quietPauseMs = 3_000;

interface ReaderEvents {
  onLoading: () => void;
  /** a page to be shown */
  onPage: (page: ErrorPage) => void;
  /** the page that is shown, as it is by now; what is shown had been read at that time of the server */
  onQuietPage: (page: ErrorPage, readAtServer: Date) => void;
  /** it could not be read again: what is shown stays */
  onKept: () => void;
  onFailure: (error: ApiError) => void;
  onChanges: (changes: Changes) => void;
  /** @param projects `null` when they could not be read */
  onProjects: (projects: readonly string[] | null) => void;
  /** what is shown may be out of date and was read then; `null`: it is up to date */
  onStale: (readAt: Date | null, error?: ApiError) => void;
}

/** Reads pages of the list, and the one that is shown again whenever something on it may have changed. */
export class ListReader {
  /** all that have reported; `null` until known */
  projects: readonly string[] | null = null;
  private filters = noFilters;
  /** of the page that is shown */
  private shownFilters = noFilters;
  /** nothing is shown since it could not be read */
  private hasFailed = false;
  private request = new AbortController();
  /** when the page that is shown was read; `null` while none is */
  private readAt: Date | null = null;
  /** the same by the server's clock */
  private readAtServer = new Date(0);
  private readonly quiet = new QuietReader(quietPauseMs, () => this.readQuietly());
  private following: (() => void)[] = [];

  constructor(
    private readonly shell: Pick<Shell, 'api' | 'live'>,
    private readonly events: ReaderEvents,
  ) {}

  /** A request that is under way for other filters ends. */
  open(filters: Filters): void {
    this.filters = filters;
    this.follow();
    void this.load();
  }

  leave(): void {
    for (const end of this.following) end();
    this.following = [];
    this.request.abort();
    this.quiet.stop();
  }

  /** Reads the page, unless it was left. */
  async load(): Promise<void> {
    if (this.following.length === 0) return;
    this.request.abort();
    this.quiet.noteRead();
    const { signal } = (this.request = new AbortController());
    this.events.onLoading();
    const readAt = new Date();
    try {
      const projects = this.projects?.length ? null : this.loadProjects(signal);
      const page = await this.shell.api.listErrors(toApiQuery(this.filters, this.shell.api.now()), signal);
      // Why there is nothing depends on whether anything has ever reported.
      if (page.errors.length === 0) await projects;
      if (!signal.aborted) this.take(page, readAt);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.noteFailure(error);
    }
  }

  private noteFailure(error: ApiError): void {
    if (this.readAt !== null && toPageAddress(this.filters) === toPageAddress(this.shownFilters)) {
      this.events.onKept();
      this.events.onStale(this.readAt, error);
      this.quiet.retryAfter(error);
      return;
    }
    this.hasFailed = true;
    this.readAt = null;
    this.events.onStale(null);
    this.events.onFailure(error);
  }

  private take(page: ErrorPage, readAt: Date): void {
    this.hasFailed = false;
    this.shownFilters = this.filters;
    this.readAt = readAt;
    this.readAtServer = this.shell.api.now();
    this.events.onStale(null);
    this.events.onPage(page);
    this.noteProjects(page);
  }

  private noteProjects({ errors }: ErrorPage): void {
    const known = new Set(this.projects);
    if (this.projects && errors.some(({ project }) => !known.has(project))) {
      void this.loadProjects(this.request.signal);
    }
  }

  /** The list is worth showing without the projects, so a failure here is only told. */
  private async loadProjects(signal: AbortSignal): Promise<void> {
    try {
      this.projects = await this.shell.api.listProjects(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.projects = null;
    }
    if (!signal.aborted) this.events.onProjects(this.projects);
  }

  private async readQuietly(): Promise<void> {
    const { readAt } = this;
    const { signal } = this.request;
    if (readAt === null) return;
    try {
      const page = await this.shell.api.listErrors(toApiQuery(this.filters, this.shell.api.now()), signal);
      signal.throwIfAborted();
      this.events.onStale(null);
      this.events.onQuietPage(page, this.readAtServer);
      this.noteProjects(page);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError) this.events.onStale(readAt, error);
      throw error;
    }
  }

  private follow(): void {
    if (this.following.length > 0) return;
    const { live } = this.shell;
    this.following = [
      live.onChanges((changes) => this.noteChanges(changes)),
      live.onState((state) => this.noteLive(state)),
    ];
  }

  private noteChanges(changes: Changes): void {
    this.events.onChanges(changes);
    const { project } = this.filters;
    const concerns = changes.more || !project || changes.changes.some((change) => change.project === project);
    if (concerns) this.readSoon();
  }

  private noteLive(state: LiveState): void {
    if (state === 'on' && this.hasFailed) void this.load();
    else if (state === 'on') this.readSoon();
    else if (state === 'connecting' && !navigator.onLine) this.events.onStale(this.readAt);
  }

  /** Soon, and quietly: something on it may have changed. */
  readSoon(): void {
    if (this.readAt !== null && this.following.length > 0) this.quiet.readSoon();
  }
}
