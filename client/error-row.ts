import { type Api, ApiError, type ErrorSummary } from './api.js';
import { announce, button, element } from './elements.js';
import { errorDetail } from './error-detail.js';
import { showFailure } from './failure-notice.js';
import { formatCompactCount, oneLine, plural } from './text.js';
import { timeElement } from './time.js';

// What fits on the widest line. The whole message is in the detail.
const longestMessageShown = 300;
const longestMessageSpoken = 80;

/** One error of the list, with its detail when it is open. */
export class ErrorRow {
  readonly element = element('li', { class: 'error' });
  private readonly expander = element('button', { type: 'button', class: 'expander' });
  private readonly detail = element('div', { class: 'detail-place' });
  private readonly problem = element('div', { class: 'problem-place' });
  private readonly summary = element('div', { class: 'summary' });
  /** set while the detail is open */
  private detailRequest: AbortController | null = null;

  constructor(
    private error: ErrorSummary,
    private readonly api: Api,
    private readonly onResolved: (row: ErrorRow) => void,
  ) {
    this.detail.id = `error-${error.id}`;
    this.detail.hidden = true;
    this.expander.setAttribute('aria-controls', this.detail.id);
    this.expander.setAttribute('aria-expanded', 'false');
    this.expander.addEventListener('click', () => this.toggle());
    this.element.append(this.summary, this.problem, this.detail);
    this.render();
  }

  /** Shows newer figures of the same error and leaves its detail open. */
  update(error: ErrorSummary): void {
    const before = this.error;
    const reportedAgain = error.count !== before.count;
    this.error = error;
    // Drawing takes the focus out of the row, so it happens only when something shown has changed.
    if (reportedAgain || error.last_seen !== before.last_seen || error.resolved !== before.resolved)
      this.render();
    if (reportedAgain && this.detailRequest) void this.loadDetail();
  }

  open(): void {
    if (!this.detailRequest) this.toggle();
  }

  focus(): void {
    this.expander.focus();
  }

  /** Ends what is under way and leaves the page; the row is not used any more. */
  close(): void {
    this.detailRequest?.abort();
    this.element.remove();
  }

  private render(): void {
    const { error } = this;
    const message = oneLine(error.message, longestMessageShown);
    this.expander.replaceChildren(
      element('span', { class: 'type outside' }, error.exception_type),
      message
        ? element('span', { class: 'line outside' }, message)
        : element('span', { class: 'line none' }, 'no message'),
    );
    this.summary.replaceChildren(
      element('div', { class: 'what' }, this.expander, this.facts()),
      element(
        'p',
        { class: 'count', title: plural(error.count, 'report') },
        formatCompactCount(error.count),
        element('span', { class: 'unit' }, error.count === 1 ? ' report' : ' reports'),
      ),
      element(
        'p',
        { class: 'seen' },
        element('span', { class: 'visually-hidden' }, 'last seen '),
        timeElement(error.last_seen),
      ),
      element('div', { class: 'action' }, error.resolved ? null : this.resolveButton()),
    );
  }

  private facts(): HTMLElement {
    const { error } = this;
    return element(
      'p',
      { class: 'facts' },
      element(
        'span',
        { class: error.resolved ? 'state resolved' : 'state open' },
        error.resolved ? 'Resolved' : 'Open',
      ),
      element('span', { class: 'project outside', title: error.project }, error.project),
      error.source ? element('span', { class: 'source outside' }, error.source) : null,
      element('span', {}, 'first seen ', timeElement(error.first_seen)),
    );
  }

  private resolveButton(): HTMLElement {
    const { exception_type: type, message } = this.error;
    const made = button('Resolve', () => void this.resolve(made));
    made.setAttribute('aria-label', `Resolve ${type} ${oneLine(message, longestMessageSpoken)}`);
    return made;
  }

  private async resolve(pressed: HTMLButtonElement): Promise<void> {
    pressed.disabled = true;
    this.problem.replaceChildren();
    try {
      await this.api.resolveError(this.error.id, new AbortController().signal);
      this.update({ ...this.error, resolved: true });
      announce(`Resolved ${this.error.exception_type}`);
      this.onResolved(this);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pressed.disabled = false;
      showFailure(this.problem, error, () => void this.resolve(pressed));
    }
  }

  private toggle(): void {
    const opening = this.detailRequest === null;
    this.expander.setAttribute('aria-expanded', String(opening));
    this.detail.hidden = !opening;
    if (opening) {
      this.detail.replaceChildren(element('p', { class: 'hint' }, 'Loading …'));
      void this.loadDetail();
    } else {
      this.detailRequest?.abort();
      this.detailRequest = null;
      this.detail.replaceChildren();
    }
  }

  private async loadDetail(): Promise<void> {
    this.detailRequest?.abort();
    const { signal } = (this.detailRequest = new AbortController());
    try {
      const answer = await this.api.getError(this.error.id, signal);
      if (!signal.aborted) this.detail.replaceChildren(errorDetail(answer));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      showFailure(this.detail, error, () => void this.loadDetail());
    }
  }
}
