import type { ErrorDetail, Occurrence } from '../api-answers.js';
import { announce, button, element } from '../elements.js';
import { formatCount, plural } from '../text.js';
import { exactTimeElement, timeElement } from '../time.js';
import type { Copy } from './occurrence-facts.js';
import { occurrenceParts } from './occurrence-parts.js';
import { type Stack, stackOf, tellsTheSame } from './stack.js';
import { TracebackView } from './traceback-view.js';

/** The occurrences that are kept, one at a time, the newest first. Newer ones are offered, not put under the eyes. */
export class OccurrenceBrowser {
  readonly element: HTMLElement;
  private readonly newer = button('Newer', () => this.step(-1), { 'aria-keyshortcuts': '[' });
  private readonly older = button('Older', () => this.step(1), { 'aria-keyshortcuts': ']' });
  private readonly position = element('span', { class: 'position' });
  private readonly offer = element('div', { class: 'offer', hidden: '' });
  private readonly missing = element('p', { class: 'missing', hidden: '' });
  private readonly heading = element('h2', { tabindex: '-1' }, 'Occurrences');
  private readonly body = element('div', { class: 'occurrence' });
  private readonly traceback: TracebackView;
  private error: ErrorDetail | null = null;
  private occurrences: readonly Occurrence[] = [];
  /** the stack trace that stands above */
  private shownStack: Stack | null = null;
  private at = 0;

  constructor(private readonly copy: Copy) {
    this.traceback = new TracebackView('Its own stack trace', 'occurrence-trace', (text) =>
      copy('Stack trace', text),
    );
    this.element = element(
      'section',
      { class: 'panel', 'aria-label': 'Occurrences' },
      element(
        'div',
        { class: 'panel-head' },
        this.heading,
        element('div', { class: 'panel-tools' }, this.newer, this.position, this.older),
      ),
      this.offer,
      this.missing,
      this.body,
    );
  }

  /** The newest of those that are shown. */
  get newestId(): number | undefined {
    return this.occurrences[0]?.id;
  }

  /** @param shownStack the stack trace that is shown already */
  show(error: ErrorDetail, occurrences: readonly Occurrence[], shownStack: Stack): void {
    this.shownStack = shownStack;
    this.error = error;
    this.occurrences = occurrences;
    this.at = 0;
    this.offer.hidden = true;
    this.missing.hidden = true;
    this.render();
  }

  /**
   * Shows the report of this event, or says that it is not kept.
   * @param takesFocus whether reading goes on here
   */
  showEvent(id: string, takesFocus: boolean): void {
    const found = this.occurrences.findIndex(({ event_id: event }) => event === id);
    this.missing.hidden = found >= 0;
    if (found >= 0) {
      this.at = found;
      this.render();
      announce(this.place);
    } else {
      this.missing.textContent = `The report of event ${id.slice(0, 8)}… is not kept any more: of each error only the newest five are.`;
      announce(this.missing.textContent);
    }
    if (!takesFocus) return;
    this.heading.focus({ preventScroll: true });
    this.element.scrollIntoView();
  }

  /** Says that there are newer ones, so many; `onTake` shows them. */
  offerNewer(count: number, onTake: () => void): void {
    const text = `${formatCount(count)} new occurrence${count === 1 ? '' : 's'}`;
    if (!this.offer.hidden && this.offer.textContent === text) return;
    this.offer.hidden = false;
    const take = () => {
      onTake();
      this.newer.focus();
    };
    this.offer.replaceChildren(button(text, take, { title: 'Show the newest' }));
    announce(text);
  }

  /** Goes so many towards the older ones. */
  step(by: 1 | -1): void {
    const next = this.at + by;
    const occurrence = this.occurrences[next];
    if (!occurrence) return;
    this.at = next;
    this.render();
    // A disabled button loses the focus.
    if (document.activeElement === document.body) (by > 0 ? this.newer : this.older).focus();
    announce(this.place);
  }

  private get place(): string {
    return `Occurrence ${this.at + 1} of ${this.occurrences.length}`;
  }

  private render(): void {
    const occurrence = this.occurrences[this.at];
    this.newer.disabled = this.at === 0;
    this.older.disabled = this.at >= this.occurrences.length - 1;
    if (!occurrence || !this.error) {
      this.position.textContent = '';
      this.body.replaceChildren(element('p', { class: 'nothing' }, 'None are kept.'));
      return;
    }
    this.position.textContent = `${this.at + 1} of ${this.occurrences.length}`;
    const stack = stackOf(occurrence, this.error);
    const isShown = this.shownStack !== null && tellsTheSame(this.shownStack, stack);
    if (!isShown) this.traceback.show(stack, this.error);
    this.body.replaceChildren(
      element(
        'p',
        { class: 'when' },
        exactTimeElement(occurrence.timestamp),
        element('span', { class: 'hint' }, timeElement(occurrence.timestamp)),
        this.isLastKept() ? element('span', { class: 'hint' }, this.keptText()) : null,
      ),
      ...occurrenceParts(occurrence, this.error, isShown ? null : this.traceback.element, this.copy),
    );
  }

  private isLastKept(): boolean {
    const isLast = this.at === this.occurrences.length - 1;
    return isLast && (this.error?.count ?? 0) > this.occurrences.length;
  }

  private keptText(): string {
    return `of ${plural(this.error?.count ?? 0, 'report')}, the newest ${this.occurrences.length} are kept`;
  }
}
