import type { Api } from '../api.js';
import type { FeedbackPage } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { button, element } from '../elements.js';
import { feedbackList } from '../feedback-list.js';

const mostShown = 50;

/** What users said of an error: there only when somebody did. It loads by itself, without a sign of that. */
export class FeedbackPanel {
  readonly element: HTMLElement;
  private readonly body = element('div');
  private shownId: number | null = null;
  /** of this error */
  private newestId: number | null = null;

  constructor(private readonly api: Api) {
    this.element = element(
      'section',
      { class: 'panel', 'aria-label': 'What users said', hidden: '' },
      element('div', { class: 'panel-head' }, element('h2', {}, 'What users said')),
      this.body,
    );
  }

  /** What was said of another error goes at once. */
  prepare(id: number): void {
    if (this.shownId === id) return;
    this.shownId = id;
    this.newestId = null;
    this.element.hidden = true;
  }

  async load(id: number, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.api.listFeedback(id, mostShown, signal);
      if (!signal.aborted) this.show(page);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (this.newestId === null && error.failure !== 'unauthorized') {
        this.showFailure(() => void this.load(id, signal));
      }
    }
  }

  /** What somebody may be reading stays, unless there is more. */
  private show(page: FeedbackPage): void {
    const newestId = page.feedback[0]?.id ?? null;
    this.element.hidden = newestId === null;
    if (newestId !== this.newestId) this.body.replaceChildren(...feedbackList(page));
    this.newestId = newestId;
  }

  /** Nobody waits for it: one line. */
  private showFailure(tryAgain: () => void): void {
    this.element.hidden = false;
    const again = button('Try again', tryAgain, { class: 'link' });
    this.body.replaceChildren(element('p', { class: 'nothing' }, 'It could not be loaded. ', again));
  }
}
