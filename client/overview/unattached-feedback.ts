import type { Api } from '../api.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { feedbackList } from '../feedback-list.js';
import { formatCount } from '../text.js';

const mostShown = 50;

/** What users said of no error, in all projects: folded, and there only when somebody did. It loads by itself. */
export class UnattachedFeedback {
  readonly element: HTMLDetailsElement;
  private readonly title = element('summary');
  private readonly body = element('div');
  private newestId: number | null = null;

  constructor(private readonly api: Api) {
    this.element = element('details', { class: 'unattached-feedback', hidden: '' }, this.title, this.body);
  }

  /** What is shown stays when it cannot be read: nobody waits for it. */
  async load(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.api.listFeedback(null, mostShown, signal);
      if (signal.aborted) return;
      const newestId = page.feedback[0]?.id ?? null;
      this.element.hidden = newestId === null;
      this.title.textContent = `What users said without an error: ${formatCount(page.total)}`;
      // What somebody may be reading stays, unless there is more.
      if (newestId !== this.newestId) this.body.replaceChildren(...feedbackList(page, true));
      this.newestId = newestId;
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error;
    }
  }
}
