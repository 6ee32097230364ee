import type { Changes, ErrorWithOccurrences } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import type { LiveState } from '../live.js';
import type { Shell } from '../page.js';
import { QuietReader } from '../quiet-reader.js';

/** Figures are read at most this often while reports pour in, chart and alerts more seldom. */
const figuresPauseMs = 5_000;
const restPauseMs = 30_000;

interface ReaderEvents {
  /** @param isFirst nothing of this error is shown yet */
  onRead: (answer: ErrorWithOccurrences, isFirst: boolean) => void;
  /** chart and alerts are to be read now */
  onRest: (id: number, signal: AbortSignal) => Promise<void>;
  /** there is no such error; when one was shown, it has been deleted meanwhile */
  onGone: () => void;
  /** only while nothing is shown */
  onFailure: (error: ApiError) => void;
  /** whether what is shown may be out of date */
  onStale: (isStale: boolean, error?: ApiError) => void;
}

/** Reads one error, and again whenever it has changed on the server. */
export class ErrorReader {
  /** as it was read last; `null` until then */
  answer: ErrorWithOccurrences | null = null;
  readAt = new Date();
  private id: number | null = null;
  private request = new AbortController();
  /** nothing is shown since it could not be read */
  private hasFailed = false;
  private readonly figures = new QuietReader(figuresPauseMs, () => this.readFigures());
  private readonly rest = new QuietReader(restPauseMs, () => this.readRest());
  private following: (() => void)[] = [];

  constructor(
    private readonly shell: Pick<Shell, 'api' | 'live'>,
    private readonly events: ReaderEvents,
  ) {}

  get isOpen(): boolean {
    return this.following.length > 0;
  }

  /** @returns what ends with the next error, or when this one is left */
  open(id: number | null): AbortSignal {
    this.stop();
    if (id !== this.id) this.answer = null;
    this.id = id;
    this.request = new AbortController();
    this.follow();
    if (id !== null) void this.read(id);
    return this.request.signal;
  }

  leave(): void {
    this.stop();
    for (const end of this.following) end();
    this.following = [];
  }

  /** The state is known without asking: it was changed here. */
  noteState(id: number, resolved: boolean): void {
    if (!this.answer || id !== this.id) return;
    const resolved_at = resolved ? this.shell.api.now().toISOString() : null;
    this.answer = { ...this.answer, error: { ...this.answer.error, resolved, resolved_at } };
    this.events.onRead(this.answer, false);
  }

  /** Without waiting for the pause: something was done here. */
  async readAgain(): Promise<void> {
    await this.figures.readNow();
  }

  private follow(): void {
    if (this.isOpen) return;
    const { live } = this.shell;
    this.following = [
      live.onChanges((changes) => this.noteChanges(changes)),
      live.onState((state) => this.noteLive(state)),
    ];
  }

  private async read(id: number): Promise<void> {
    const { signal } = this.request;
    this.figures.noteRead();
    try {
      await this.ask(id, signal);
      // Whoever only passes through needs no chart.
      this.rest.readSoon();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.answer = null;
      if (isUnknown(error)) this.events.onGone();
      else {
        this.hasFailed = true;
        this.events.onFailure(error);
      }
    }
  }

  /** The error that is shown, again. */
  private async readFigures(): Promise<void> {
    const { id, answer } = this;
    const { signal } = this.request;
    if (id === null || !answer) return;
    try {
      const { error } = await this.ask(id, signal);
      if (error.count !== answer.error.count) this.rest.readSoon();
    } catch (error) {
      if (signal.aborted) return;
      if (isUnknown(error)) this.events.onGone();
      else if (error instanceof ApiError) this.events.onStale(true, error);
      throw error;
    }
  }

  /** @throws ApiError, or the reason of the signal, also when it was aborted after the answer had come */
  private async ask(id: number, signal: AbortSignal): Promise<ErrorWithOccurrences> {
    const readAt = new Date();
    const answer = await this.shell.api.getError(id, signal);
    signal.throwIfAborted();
    const isFirst = this.answer === null;
    this.hasFailed = false;
    this.answer = answer;
    this.readAt = readAt;
    this.events.onStale(false);
    this.events.onRead(answer, isFirst);
    return answer;
  }

  private async readRest(): Promise<void> {
    if (this.id !== null && this.answer) await this.events.onRest(this.id, this.request.signal);
  }

  private noteChanges({ changes, more }: Changes): void {
    if (!this.answer) return;
    const change = changes.find(({ id }) => id === this.id);
    if (change?.kind === 'deleted') this.events.onGone();
    else if (change || more) this.figures.readSoon();
  }

  private noteLive(state: LiveState): void {
    if (state === 'on' && this.hasFailed && this.id !== null) void this.read(this.id);
    if (!this.answer) return;
    if (state === 'on') this.figures.readSoon();
    else if (state === 'connecting' && !navigator.onLine) this.events.onStale(true);
  }

  private stop(): void {
    this.request.abort();
    this.figures.stop();
    this.rest.stop();
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof ApiError && error.failure === 'refused' && error.status === 404;
}
