import type { Api } from '../api.js';
import { ApiError } from '../api-error.js';
import { button, element, Segments } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import { skeleton } from '../skeleton.js';
import { formatCount, plural } from '../text.js';
import type { BarPlot } from './bar-plot.js';
import { type Bucket, toDays, toHours } from './buckets.js';

const ranges = { '24h': '24 h', '14d': '14 days', '90d': '90 days' };
type Range = keyof typeof ranges;
const daysOf: Record<Exclude<Range, '24h'>, number> = { '14d': 14, '90d': 90 };
const spoken: Record<Range, string> = {
  '24h': 'the last 24 hours',
  '14d': 'the last 14 days',
  '90d': 'the last 90 days',
};

/** How often an error was reported, over three spans of time. Pointing at a bar, or the arrow keys, tell its figure. */
export class HistoryChart {
  readonly element: HTMLElement;
  private readonly choice = new Segments('Span of the chart', 'history-range', ranges, (range) =>
    this.choose(range as Range),
  );
  private readonly readout = element('p', { class: 'readout' });
  private readonly notice = element('div');
  private readonly place = element('div', {
    class: 'plot',
    role: 'slider',
    tabindex: '0',
    'aria-label': 'Reports over time',
    hidden: '',
  });
  private range: Range = '24h';
  private asked: { id: number; signal: AbortSignal } | null = null;
  private shown: { id: number; range: Range } | null = null;
  private buckets: readonly Bucket[] = [];
  private plot: BarPlot | null = null;
  private at: number | null = null;

  constructor(private readonly api: Api) {
    this.element = element(
      'section',
      { class: 'panel history', 'aria-label': 'Reports over time' },
      element(
        'div',
        { class: 'panel-head' },
        element('h2', {}, 'Reports'),
        this.readout,
        element('div', { class: 'panel-tools' }, this.choice.element),
      ),
      this.notice,
      this.place,
    );
    this.choice.choose(this.range);
    this.place.addEventListener('keydown', (press) => this.walk(press));
    this.place.addEventListener('blur', () => this.point(null));
  }

  /** Takes its room before it is loaded, so that nothing below moves then. */
  prepare(id: number): void {
    if (this.shown?.id !== id || this.shown.range !== this.range) this.showLoading();
  }

  async load(id: number, signal: AbortSignal): Promise<void> {
    const { range } = this;
    this.asked = { id, signal };
    this.prepare(id);
    try {
      const { counts, since } = await this.api.getCounts(id, toQuery(range), signal);
      // Another span may have been chosen meanwhile.
      if (signal.aborted || range !== this.range) return;
      const begin = new Date(since);
      this.buckets = range === '24h' ? toHours(counts, begin) : toDays(counts, begin, daysOf[range]);
      this.shown = { id, range };
      await this.show();
    } catch (error) {
      if (signal.aborted || range !== this.range) return;
      if (!(error instanceof ApiError)) throw error;
      this.clear();
      showFailure(this.notice, error, () => void this.load(id, signal));
    }
  }

  /** Ends what it follows; the next `load` draws it again. */
  rest(): void {
    this.plot?.remove();
    this.plot = null;
  }

  private choose(range: Range): void {
    this.range = range;
    if (this.asked) void this.load(this.asked.id, this.asked.signal);
  }

  private showLoading(): void {
    this.clear();
    this.notice.replaceChildren(skeleton('Loading the chart', 1));
  }

  private clear(): void {
    this.shown = null;
    this.rest();
    this.place.hidden = true;
    this.readout.textContent = '';
  }

  private async show(): Promise<void> {
    const total = this.total();
    this.notice.replaceChildren(
      ...(total === 0 ? [element('p', { class: 'nothing' }, `No reports in ${spoken[this.range]}.`)] : []),
    );
    this.place.hidden = total === 0;
    this.at = null;
    this.showFigure();
    if (total > 0) await this.draw();
  }

  private async draw(): Promise<void> {
    const { buckets } = this;
    let drawBars;
    try {
      ({ drawBars } = await import('./bar-plot.js'));
    } catch {
      // Its figures are still told.
      this.notice.replaceChildren(
        element(
          'p',
          { class: 'nothing' },
          'The chart could not be loaded. The server may have been updated.',
        ),
        button('Load the page again', () => location.reload()),
      );
      return;
    }
    if (buckets !== this.buckets || this.place.hidden) return;
    this.plot?.remove();
    this.plot = drawBars(this.place, buckets, (index) => this.showAt(index));
  }

  private walk(press: KeyboardEvent): void {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const last = this.buckets.length - 1;
    const at = this.at ?? last + 1;
    const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const next = steps[press.key];
    if (next === undefined) return;
    press.preventDefault();
    press.stopPropagation();
    this.point(Math.min(Math.max(next, 0), last));
  }

  private point(index: number | null): void {
    this.plot?.point(index);
    this.showAt(index);
  }

  private showAt(index: number | null): void {
    if (index === this.at) return;
    this.at = index;
    this.showFigure();
  }

  private showFigure(): void {
    const { buckets, at } = this;
    const bucket = at === null ? undefined : buckets[at];
    this.readout.textContent = bucket
      ? `${bucket.title}: ${plural(bucket.count, 'report')}`
      : `${formatCount(this.total())} in ${spoken[this.range]}`;
    this.place.setAttribute('aria-valuemin', '0');
    this.place.setAttribute('aria-valuemax', String(Math.max(buckets.length - 1, 0)));
    this.place.setAttribute('aria-valuenow', String(at ?? Math.max(buckets.length - 1, 0)));
    this.place.setAttribute('aria-valuetext', bucket ? this.readout.textContent : this.summary());
  }

  private summary(): string {
    const most = this.buckets.reduce((a, b) => (b.count > a.count ? b : a), {
      title: '',
      label: '',
      count: 0,
    });
    const peak = most.count > 0 ? `, most of them, ${formatCount(most.count)}, at ${most.title}` : '';
    return `${plural(this.total(), 'report')} in ${spoken[this.range]}${peak}`;
  }

  private total(): number {
    return this.buckets.reduce((sum, { count }) => sum + count, 0);
  }
}

/** The last 24 hours are what the server takes for them; days begin at midnight where the viewer is. */
function toQuery(range: Range): URLSearchParams {
  const query = new URLSearchParams({ interval: 'hour' });
  if (range === '24h') return query;
  const now = new Date();
  const firstDay = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysOf[range] + 1);
  query.set('since', firstDay.toISOString());
  return query;
}
