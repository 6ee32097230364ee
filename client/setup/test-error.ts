import { ApiError } from '../api-error.js';
import { announce, button, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import { noFilters, toErrorAddress } from '../list/filters.js';
import type { Shell } from '../page.js';
import { isBusy, setBusy } from './busy.js';

const project = 'error-tracker-test';
/** Always the same place, so that all of them are one error. */
const report = {
  project,
  exception_type: 'TestError',
  message: 'A test from the set-up page: reports arrive.',
  traceback: 'TestError: A test from the set-up page\n    at sendTestError (set-up-page.js:1:1)',
  extra: { source: 'browser' },
};

/** The button that reports an error from here, and what became of it. */
export class TestError {
  readonly element: HTMLElement;
  private readonly send = button('Send a test error', () => void this.run(), { class: 'primary' });
  private readonly outcome = element('div', { class: 'outcome' });
  private request = new AbortController();

  constructor(private readonly shell: Shell) {
    this.element = element(
      'div',
      { class: 'try' },
      element(
        'p',
        {},
        'A test shows whether reports arrive. It makes an error in a project of its own, ',
        element('code', {}, project),
        ', and alerts about it as about any other.',
      ),
      this.send,
      this.outcome,
    );
  }

  leave(): void {
    this.request.abort();
    this.outcome.replaceChildren();
  }

  private async run(): Promise<void> {
    if (isBusy(this.send)) return;
    const { signal } = (this.request = new AbortController());
    setBusy(this.send, true);
    this.outcome.replaceChildren(element('p', { class: 'hint' }, 'Sending …'));
    try {
      const id = (await this.shell.api.sendReport(report)) ?? (await this.findKnown(signal));
      if (!signal.aborted) this.showArrived(id);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      showFailure(this.outcome, error, () => void this.run());
    } finally {
      setBusy(this.send, false);
    }
  }

  /** The answer to a report of a known error does not name it; it is the latest of its project now. */
  private async findKnown(signal: AbortSignal): Promise<number | null> {
    const query = new URLSearchParams({ project, limit: '1' });
    const { errors } = await this.shell.api.listErrors(query, signal);
    return errors[0]?.id ?? null;
  }

  private showArrived(id: number | null): void {
    const text = 'It arrived and is on disk.';
    const filters = { ...noFilters, project };
    const link = id === null ? null : element('a', { href: toErrorAddress(id, filters) }, 'Show the error');
    this.outcome.replaceChildren(element('p', { class: 'good' }, text, ' ', link));
    announce(text);
  }
}
