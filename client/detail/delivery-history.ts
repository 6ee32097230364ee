import type { Api } from '../api.js';
import type { AlertStatus, Delivery, DeliveryPage } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import { skeleton } from '../skeleton.js';
import { formatCount, oneLine, plural } from '../text.js';
import { exactTimeElement } from '../time.js';
import { readable } from '../readable-text.js';

const mostShown = 50;
const longestReasonShown = 500;
const kinds: Record<Delivery['kind'], string> = {
  created: 'New error',
  reopened: 'Came back',
  summary: 'Summary',
  test: 'Test',
};

/**
 * Who was told of an error, and what became of each attempt; when nobody was, why not. It asks only once it can be seen:
 * whoever goes from error to error seldom looks that far down.
 */
export class DeliveryHistory {
  readonly element: HTMLElement;
  private readonly body = element('div');
  private shownId: number | null = null;
  private sight: IntersectionObserver | null = null;

  constructor(private readonly api: Api) {
    this.element = element(
      'section',
      { class: 'panel', 'aria-label': 'Alerts' },
      element('div', { class: 'panel-head' }, element('h2', {}, 'Alerts')),
      this.body,
    );
  }

  load(id: number, signal: AbortSignal): void {
    this.sight?.disconnect();
    if (this.shownId !== id) this.body.replaceChildren(skeleton('Loading alerts', 1));
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      if (!signal.aborted) void this.read(id, signal);
    });
    sight.observe(this.element);
    this.sight = sight;
  }

  private async read(id: number, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.api.listDeliveries(id, mostShown, signal);
      const status = page.total === 0 ? await this.api.getAlertStatus(signal) : null;
      if (signal.aborted) return;
      this.shownId = id;
      this.body.replaceChildren(...(status ? [whyNobody(status)] : listOf(page)));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.shownId = null;
      showFailure(this.body, error, () => this.load(id, signal));
    }
  }
}

function listOf({ deliveries, total }: DeliveryPage): HTMLElement[] {
  const list = element('ul', { class: 'deliveries' }, ...deliveries.map(itemOf));
  const rest = total - deliveries.length;
  return rest > 0
    ? [list, element('p', { class: 'nothing' }, `and ${formatCount(rest)} older ones`)]
    : [list];
}

function itemOf(delivery: Delivery): HTMLElement {
  const recipient = oneLine(readable(delivery.recipient), longestReasonShown);
  return element(
    'li',
    { class: `delivery ${delivery.state}` },
    element('span', { class: 'kind' }, kinds[delivery.kind]),
    element(
      'span',
      { class: 'outside' },
      `${delivery.channel} to ${recipient}: `,
      ...outcomeOf(delivery).map((piece) =>
        typeof piece === 'string' ? piece.slice(0, longestReasonShown) : piece,
      ),
    ),
  );
}

/** `sent 12:03, 250 OK`, in pieces of which some are times. */
function outcomeOf(delivery: Delivery): (string | HTMLElement)[] {
  const { state, attempts, settled_at: settledAt, next_attempt_at: nextAt, created_at: createdAt } = delivery;
  const settled = exactTimeElement(settledAt ?? createdAt);
  const reason = delivery.reason === null ? '' : readable(delivery.reason);
  switch (state) {
    case 'sent':
      return ['sent ', settled, delivery.response === null ? '' : `, ${readable(delivery.response)}`];
    case 'failed':
      return ['failed ', settled, ` after ${plural(attempts, 'attempt')}`, reason && `: ${reason}`];
    case 'muted':
      return ['not sent ', settled, reason && `: ${reason}`];
    case 'held':
      return ['held since ', exactTimeElement(createdAt), reason && `: ${reason}`];
    case 'summarized':
      return ['told in a summary ', settled];
    default:
      return [
        attempts === 0 ? 'waits to be sent' : `tried ${plural(attempts, 'time')}`,
        ...(nextAt && attempts > 0 ? [', next attempt ', exactTimeElement(nextAt)] : []),
        reason && `: ${reason}`,
      ];
  }
}

function whyNobody({ enabled, mail, webhook }: AlertStatus): HTMLElement {
  const setUp = element('a', { href: '/setup' }, 'Set-up');
  if (!enabled) {
    const missing = [mail.missing_setting, webhook.missing_setting].filter((name) => name !== null);
    const names = missing.length > 0 ? ` (${missing.join(' or ')} is not set)` : '';
    return element(
      'p',
      { class: 'nothing' },
      `Nobody was told: alerts are not configured${names}. `,
      setUp,
      ' shows how.',
    );
  }
  return element(
    'p',
    { class: 'nothing' },
    'Nobody was told of this error: it came before alerts were configured, or what was sent has been forgotten since. ',
    setUp,
    ' shows who is told of new errors.',
  );
}
