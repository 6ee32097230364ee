import type { Action, ErrorWithOccurrences } from '../api-answers.js';
import { changeErrors } from '../change-errors.js';
import { announce, element } from '../elements.js';
import { parseEventId } from '../event-id.js';
import { showFailure } from '../failure-notice.js';
import { parseFilters, toPageAddress } from '../list/filters.js';
import type { Page, Shell, Shortcut } from '../page.js';
import { skeleton } from '../skeleton.js';
import { StaleNote } from '../stale-note.js';
import { oneLine } from '../text.js';
import { copyOrShow } from './copy-or-show.js';
import { errorMarkdown } from './error-markdown.js';
import { ErrorReader } from './error-reader.js';
import { ErrorView } from './error-view.js';
import { missingError, parseErrorId } from './missing-error.js';
import { NeighbourLinks } from './neighbour-links.js';
import { showRawJson } from './raw-json-dialog.js';

const longestTypeInTitle = 80;

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
  private readonly stale = new StaleNote();
  private readonly notice = element('div', { class: 'notice-place' });
  private readonly view: ErrorView;
  private readonly reader: ErrorReader;
  private address = new URL(location.href);
  /** the heading gets the focus as soon as there is one */
  private isFocusDue = false;
  /** the report of the event in the address is yet to be shown */
  private isEventDue = false;
  /** what was asked for here and has not been answered yet */
  private readonly changing = new Map<number, Action>();

  constructor(private readonly shell: Shell) {
    this.links = new NeighbourLinks(shell.api);
    this.view = new ErrorView(shell.api, {
      onToggle: () => void this.toggle(),
      onCopyLink: () => this.copy('Link', this.link),
      onCopyMarkdown: () => this.copyMarkdown(),
      onRawJson: () => this.showJson(),
      onDelete: () => void this.change('delete'),
      onCopy: (what, text) => this.copy(what, text),
      onTakeNewer: () => {
        if (this.reader.answer) this.view.show(this.reader.answer);
      },
    });
    this.reader = new ErrorReader(shell, {
      onRead: (answer, isFirst) => this.showAnswer(answer, isFirst),
      onRest: (id, signal) => this.view.loadRest(id, signal),
      onGone: () => this.showGone(),
      onFailure: (error) => {
        this.view.hide();
        showFailure(this.notice, error, () => this.open());
      },
      onStale: (isStale, error) => this.stale.show(isStale ? this.reader.readAt : null, error),
    });
    this.element = element(
      'div',
      { class: 'detail-page' },
      this.links.element,
      this.stale.element,
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
    const isStep = this.reader.isOpen && address.pathname !== this.address.pathname;
    this.address = address;
    this.isEventDue = this.event !== null;
    this.links.show(this.filters);
    this.open();
    if (!isStep) return;
    // From error to error: reading begins at the top again.
    window.scrollTo({ top: 0 });
    this.focus();
  }

  focus(): void {
    this.isFocusDue = this.reader.answer === null || this.isEventDue;
    if (!this.isFocusDue) this.view.heading.focus({ preventScroll: true });
  }

  leave(): void {
    this.reader.leave();
    this.view.rest();
  }

  private get id(): number | null {
    return parseErrorId(this.address.pathname);
  }

  private get filters() {
    return parseFilters(this.address.search);
  }

  private get event(): string | null {
    return parseEventId(this.address.searchParams.get('event') ?? '');
  }

  /** For others: without the list somebody came from. */
  private get link(): string {
    const { event } = this;
    return this.address.origin + this.address.pathname + (event === null ? '' : `?event=${event}`);
  }

  private open(): void {
    const { id } = this;
    const signal = this.reader.open(id);
    this.stale.show(null);
    if (id === null) {
      this.showMissing();
      return;
    }
    this.view.setBusy(this.changing.has(id));
    if (!this.reader.answer) this.showLoading(id);
    void this.links.load(id, this.filters, signal);
  }

  private showLoading(id: number): void {
    document.title = `Error ${id} · Error tracker`;
    this.view.hide();
    this.notice.replaceChildren(skeleton('Loading the error', 6));
  }

  private showAnswer(answer: ErrorWithOccurrences, isFirst: boolean): void {
    const { exception_type: type, project } = answer.error;
    document.title = `${oneLine(type, longestTypeInTitle)} in ${project} · Error tracker`;
    if (!isFirst && !this.isEventDue) {
      this.view.update(answer);
      return;
    }
    this.notice.replaceChildren();
    this.view.show(answer);
    // Somebody who has moved on in the meantime is left where they are.
    const hasMovedOn = document.activeElement !== document.body;
    const { event, isEventDue, isFocusDue } = this;
    this.isFocusDue = this.isEventDue = false;
    if (event !== null && isEventDue) this.view.occurrences.showEvent(event, !hasMovedOn);
    else if (isFocusDue && !hasMovedOn) this.focus();
  }

  private showGone(): void {
    if (!this.reader.answer) {
      this.showMissing();
    } else if (this.id === null || this.changing.get(this.id) !== 'delete') {
      this.view.setDeleted(true);
      const text = 'This error has been deleted. This is how it was last.';
      this.stale.say(text);
      announce(text);
    }
  }

  private showMissing(): void {
    this.view.hide();
    document.title = 'No such error · Error tracker';
    this.notice.replaceChildren(missingError(this.address.pathname, toPageAddress(this.filters)));
    announce(this.notice.querySelector('h2')?.textContent ?? '');
  }

  private async toggle(): Promise<void> {
    const { answer } = this.reader;
    if (answer) await this.change(answer.error.resolved ? 'reopen' : 'resolve');
  }

  private async change(action: Action): Promise<void> {
    const { id } = this;
    if (id === null || !this.reader.answer || this.changing.has(id)) return;
    this.changing.set(id, action);
    this.view.setBusy(true);
    await changeErrors(this.shell, action, [id], (answer) => {
      if (!answer) void this.reader.readAgain();
      else if (action === 'delete') this.goBackFrom(id);
      else if (!answer.unknown.includes(id)) this.reader.noteState(id, answer.action === 'resolve');
    });
    this.changing.delete(id);
    this.view.setBusy(this.id !== null && this.changing.has(this.id));
  }

  private goBackFrom(id: number): void {
    if (this.reader.isOpen && this.id === id) this.shell.go(toPageAddress(this.filters));
  }

  private copyMarkdown(): void {
    const { answer } = this.reader;
    if (answer) this.copy('Markdown', errorMarkdown(answer, this.link));
  }

  private copy(what: string, text: string): void {
    void copyOrShow(this.shell.toasts, what, text);
  }

  private showJson(): void {
    if (this.id !== null) void showRawJson(this.shell.api, this.id);
  }
}
