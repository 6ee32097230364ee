import { ApiError } from '../api-error.js';
import { announce, button, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import { showNodes } from '../show-nodes.js';
import { skeleton } from '../skeleton.js';
import { setBusy } from './busy.js';

/** A section of the page with its own request: when that fails, it says so, and the other sections go on. */
export class Part<Answer> {
  readonly element: HTMLElement;
  private readonly place = element('div', { class: 'part-place' });
  private readonly refresh = button('Refresh', () => void this.load(), { class: 'refresh' });
  private request = new AbortController();
  private isShown = false;

  /**
   * @param id its anchor
   * @param read what it shows, or `ApiError`
   * @param render what it shows
   */
  constructor(
    id: string,
    private readonly title: string,
    private readonly read: (signal: AbortSignal) => Promise<Answer>,
    private readonly render: (answer: Answer) => readonly Node[],
    ...more: HTMLElement[]
  ) {
    this.refresh.setAttribute('aria-label', `Refresh: ${title}`);
    this.element = element(
      'section',
      { class: 'part', id, 'aria-labelledby': `${id}-title` },
      element('div', { class: 'part-head' }, element('h2', { id: `${id}-title` }, title), this.refresh),
      this.place,
      ...more,
    );
  }

  /** What is shown stays until the newer answer is there. */
  async load(): Promise<void> {
    this.request.abort();
    const { signal } = (this.request = new AbortController());
    setBusy(this.refresh, true);
    if (this.isShown) this.place.setAttribute('aria-busy', 'true');
    else this.place.replaceChildren(skeleton(`Loading: ${this.title}`, 2));
    try {
      const answer = await this.read(signal);
      if (signal.aborted) return;
      showNodes(this.place, this.render(answer));
      if (this.isShown) announce(`${this.title}: up to date`);
      this.isShown = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.isShown = false;
      showFailure(this.place, error, () => void this.load());
    } finally {
      if (!signal.aborted) {
        this.place.removeAttribute('aria-busy');
        setBusy(this.refresh, false);
      }
    }
  }

  leave(): void {
    this.request.abort();
  }
}
