import type { Api } from '../api.js';
import type { ErrorWithOccurrences } from '../api-answers.js';
import { element } from '../elements.js';
import { DeliveryHistory } from './delivery-history.js';
import { ErrorHeader, type HeaderEvents } from './error-header.js';
import { ErrorTags } from './error-tags.js';
import { FeedbackPanel } from './feedback-panel.js';
import { HistoryChart } from './history-chart.js';
import { OccurrenceBrowser } from './occurrence-browser.js';
import { stackOfError } from './stack.js';
import { TracebackView } from './traceback-view.js';

interface ViewEvents extends HeaderEvents {
  onCopy: (what: string, text: string) => void;
  /** newer occurrences, which were offered, shall be shown */
  onTakeNewer: () => void;
}

/** All parts of an error, one below the other. Chart, feedback and alerts load by themselves: each may fail alone. */
export class ErrorView {
  readonly element: HTMLElement;
  readonly traceback: TracebackView;
  readonly occurrences: OccurrenceBrowser;
  private readonly header: ErrorHeader;
  private readonly history: HistoryChart;
  private readonly tags = new ErrorTags();
  private readonly feedback: FeedbackPanel;
  private readonly deliveries: DeliveryHistory;
  /** the count of the newest occurrence that is shown */
  private shownCount = 0;

  constructor(
    api: Api,
    private readonly events: ViewEvents,
  ) {
    this.header = new ErrorHeader(events);
    this.history = new HistoryChart(api);
    this.traceback = new TracebackView('Stack trace', 'trace', (text) => events.onCopy('Stack trace', text));
    this.occurrences = new OccurrenceBrowser(events.onCopy);
    this.feedback = new FeedbackPanel(api);
    this.deliveries = new DeliveryHistory(api);
    const parts = [
      this.header,
      this.traceback,
      this.history,
      this.occurrences,
      this.tags,
      this.feedback,
      this.deliveries,
    ];
    this.element = element('article', { class: 'detail', hidden: '' }, ...parts.map((part) => part.element));
  }

  get heading(): HTMLElement {
    return this.header.heading;
  }

  show(answer: ErrorWithOccurrences): void {
    const { error, occurrences } = answer;
    const stack = stackOfError(answer);
    this.element.hidden = false;
    this.shownCount = error.count;
    this.header.setDeleted(false);
    this.header.show(error);
    this.history.prepare(error.id);
    this.traceback.show(stack, error);
    this.occurrences.show(error, occurrences, stack);
    this.tags.show(error);
    this.feedback.prepare(error.id);
  }

  /** Newer figures; what somebody may be reading stays. */
  update({ error, occurrences }: ErrorWithOccurrences): void {
    this.header.setDeleted(false);
    this.header.show(error);
    this.tags.show(error);
    if (occurrences[0]?.id === this.occurrences.newestId) return;
    this.occurrences.offerNewer(Math.max(error.count - this.shownCount, 1), this.events.onTakeNewer);
  }

  async loadRest(id: number, signal: AbortSignal): Promise<void> {
    this.deliveries.load(id, signal);
    void this.feedback.load(id, signal);
    await this.history.load(id, signal);
  }

  setBusy(busy: boolean): void {
    this.header.setBusy(busy);
  }

  setDeleted(isDeleted: boolean): void {
    this.header.setDeleted(isDeleted);
  }

  hide(): void {
    this.element.hidden = true;
  }

  rest(): void {
    this.history.rest();
  }
}
