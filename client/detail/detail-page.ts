import type { Action, Changes, ErrorWithOccurrences } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { changeErrors } from '../change-errors.js';
import { announce, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import { parseFilters, toPageAddress } from '../list/filters.js';
import type { LiveState } from '../live.js';
import type { Page, Shell, Shortcut } from '../page.js';
import { skeleton } from '../skeleton.js';
import { oneLine } from '../text.js';
import { localTime } from '../time.js';
import { copyOrShow } from './copy-or-show.js';
import { errorMarkdown } from './error-markdown.js';
import { ErrorView } from './error-view.js';
import { missingError, parseErrorId } from './missing-error.js';
import { NeighbourLinks } from './neighbour-links.js';
import { QuietReader } from './quiet-reader.js';
import { showRawJson } from './raw-json-dialog.js';

const longestTypeInTitle = 80;
/** Figures are read at most this often while reports pour in, chart and alerts more seldom. */
const figuresPauseMs = 5_000;
const restPauseMs = 30_000;

export function detailPage(shell: Shell): Page {
  return new DetailPage(shell);
}

/**
 * One error with everything that is known of it.
 *
 * It shows exactly one of: loading, the error, that there is none, or why it does not know. What happens on the server
 * meanwhile changes the figures in place; newer occurrences are only offered.
 */
class DetailPage implements Page {
  readonly element: HTMLElement;
  readonly shortcuts: readonly Shortcut[];
  private readonly links: NeighbourLinks;
  private readonly stale = element('p', { class: 'stale', hidden: '' });
  private readonly notice = element('div', { class: 'notice-place' });
  private readonly view: ErrorView;
  private readonly figures = new QuietReader(figuresPauseMs, () => this.readFigures());
  private readonly rest = new QuietReader(restPauseMs, () => this.loadRest());
  private address = new URL(location.href);
  private request = new AbortController();
  private following: (() => void)[] = [];
  /** what is shown, as it was read last; `null` while it is something else */
  private answer: ErrorWithOccurrences | null = null;
  private readAt = new Date();
  /** the heading gets the focus as soon as there is one */
  private isFocusDue = false;
  /** what was asked for here and has not been answered yet */
  private changing: Action | null = null;

  constructor(private readonly shell: Shell) {
    this.links = new NeighbourLinks(shell.api);
    this.view = new ErrorView(shell.api, {
      onToggle: () => void this.toggle(),
      onCopyLink: () => this.copy('Link', this.link),
      onCopyMarkdown: () => this.copyMarkdown(),
      onRawJson: () => this.showJson(),
      onDelete: () => void this.change('delete'),
      onCopy: (what, text) => this.copy(what, text),
      onTakeNewer: () => this.showAnswer(),
    });
    this.element = element(
      'div',
      { class: 'detail-page' },
      this.links.element,
      this.stale,
      this.notice,
      this.view.element,
    );
    this.shortcuts = [
      { keys: ['j'], label: 'Next error of the list', run: () => this.links.goNext() },
      { keys: ['k'], label: 'Previous error of the list', run: () => this.links.goPrevious() },
      { keys: ['Escape'], label: 'Back to the list', run: () => this.links.goBack() },
      { keys: ['e'], label: 'Resolve or reopen the error', run: () => void this.toggle() },
      { keys: ['m'], label: 'Copy the error as Markdown', run: () => this.copyMarkdown() },
      { keys: ['t'], label: 'Stack trace as frames or as text', run: () => this.view.traceback.toggle() },
      { keys: ['['], label: 'Newer occurrence', run: () => this.view.occurrences.step(-1) },
      { keys: [']'], label: 'Older occurrence', run: () => this.view.occurrences.step(1) },
    ];
  }

  show(address: URL): void {
    const isStep = this.following.length > 0;
    const isSame = address.pathname === this.address.pathname && this.answer !== null;
    this.address = address;
    this.links.show(this.filters);
    this.follow();
    if (!isSame) this.answer = null;
    void this.load();
    if (!isStep || isSame) return;
    // From error to error: reading begins at the top again.
    window.scrollTo({ top: 0 });
    this.focus();
  }

  focus(): void {
    this.isFocusDue = this.answer === null;
    if (!this.isFocusDue) this.view.heading.focus({ preventScroll: true });
  }

  leave(): void {
    for (const end of this.following) end();
    this.following = [];
    this.request.abort();
    this.stopReading();
    this.view.rest();
  }

  private get id(): number | null {
    return parseErrorId(this.address.pathname);
  }

  private get filters() {
    return parseFilters(this.address.search);
  }

  /** For others: without the list somebody came from. */
  private get link(): string {
    return this.address.origin + this.address.pathname;
  }

  private follow(): void {
    if (this.following.length > 0) return;
    const { live } = this.shell;
    this.following = [
      live.onChanges((changes) => this.noteChanges(changes)),
      live.onState((state) => this.noteLive(state)),
    ];
  }

  private async load(): Promise<void> {
    const { id } = this;
    this.request.abort();
    this.stopReading();
    const { signal } = (this.request = new AbortController());
    this.showStale(false);
    if (id === null) {
      this.showMissing();
      return;
    }
    const isShown = this.answer !== null;
    if (!isShown) this.showLoading(id);
    this.figures.noteRead();
    try {
      const answer = await this.read(id, signal);
      if (isAborted(signal)) return;
      this.answer = answer;
      if (isShown) this.view.update(answer);
      else this.showAnswer();
      this.showTitle(answer);
      void this.rest.readNow();
      await this.links.load(id, this.filters, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.answer = null;
      this.view.hide();
      if (error.status === 404) this.showMissing();
      else showFailure(this.notice, error, () => void this.load());
    }
  }

  private async read(id: number, signal: AbortSignal): Promise<ErrorWithOccurrences> {
    const readAt = new Date();
    const answer = await this.shell.api.getError(id, signal);
    this.readAt = readAt;
    return answer;
  }

  private showLoading(id: number): void {
    document.title = `Error ${id} · Error tracker`;
    this.view.hide();
    this.notice.replaceChildren(skeleton('Loading the error', 6));
  }

  private showMissing(): void {
    this.view.hide();
    document.title = 'No such error · Error tracker';
    this.notice.replaceChildren(missingError(this.address.pathname, toPageAddress(this.filters)));
    announce(this.notice.querySelector('h2')?.textContent ?? '');
  }

  private showAnswer(): void {
    if (!this.answer) return;
    this.notice.replaceChildren();
    this.view.show(this.answer);
    // Somebody who has moved on in the meantime is left where they are.
    if (this.isFocusDue && document.activeElement === document.body) this.focus();
    this.isFocusDue = false;
  }

  private showTitle({ error }: ErrorWithOccurrences): void {
    document.title = `${oneLine(error.exception_type, longestTypeInTitle)} in ${error.project} · Error tracker`;
  }

  private noteChanges({ changes, more }: Changes): void {
    const change = changes.find(({ id }) => id === this.id);
    if (change?.kind === 'deleted') this.showDeleted();
    else if (change || more) this.readSoon();
  }

  private noteLive(state: LiveState): void {
    if (state === 'on') this.readSoon();
    else if (state === 'connecting' && !navigator.onLine) this.showStale(true);
  }

  private readSoon(): void {
    if (this.answer) this.figures.readSoon();
  }

  /** Reads the error that is shown again and fills in what has changed. */
  private async readFigures(): Promise<void> {
    const { id } = this;
    const { signal } = this.request;
    if (id === null || !this.answer) return;
    try {
      const answer = await this.read(id, signal);
      if (signal.aborted) return;
      this.showStale(false);
      const isReported = answer.error.count !== this.answer.error.count;
      this.answer = answer;
      this.view.update(answer);
      if (isReported) this.rest.readSoon();
    } catch (error) {
      if (isAborted(signal)) return;
      if (error instanceof ApiError && error.status === 404) this.showDeleted();
      else this.showStale(true);
      throw error;
    }
  }

  private async loadRest(): Promise<void> {
    if (this.id !== null && this.answer) await this.view.loadRest(this.id, this.request.signal);
  }

  private stopReading(): void {
    this.figures.stop();
    this.rest.stop();
  }

  private showDeleted(): void {
    if (!this.answer) return;
    if (this.changing === 'delete') {
      this.shell.go(toPageAddress(this.filters));
      return;
    }
    this.view.setDeleted(true);
    this.stale.hidden = false;
    this.stale.textContent = 'This error has been deleted. This is how it was last.';
    announce(this.stale.textContent);
  }

  private showStale(isStale: boolean): void {
    this.stale.hidden = !isStale || !this.answer;
    this.stale.textContent = `No connection: this is how it was at ${localTime(this.readAt).slice(-8)}.`;
  }

  private async toggle(): Promise<void> {
    if (this.answer) await this.change(this.answer.error.resolved ? 'reopen' : 'resolve');
  }

  private async change(action: Action): Promise<void> {
    const { id } = this;
    if (id === null || !this.answer || this.changing) return;
    this.changing = action;
    this.view.setBusy(true);
    let reading: Promise<void> | undefined;
    await changeErrors(this.shell, action, [id], () => {
      reading = this.figures.readNow();
    });
    await reading;
    this.changing = null;
    this.view.setBusy(false);
  }

  private copyMarkdown(): void {
    if (this.answer) this.copy('Markdown', errorMarkdown(this.answer, this.link));
  }

  private copy(what: string, text: string): void {
    void copyOrShow(this.shell.toasts, what, text);
  }

  private showJson(): void {
    if (this.id !== null) void showRawJson(this.shell.api, this.id);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
