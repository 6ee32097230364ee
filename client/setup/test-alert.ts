import type { Delivery } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { announce, button, element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import type { Shell } from '../page.js';
import { pause } from '../pause.js';
import { oneLine, plural } from '../text.js';
import { isBusy, setBusy } from './busy.js';

/** Pauses before each look at what became of it; a mail server may take its time, but nobody waits for ever. */
const pausesMs = [
  250, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000, 4_000, 4_000, 5_000, 5_000, 5_000, 5_000,
];
/** The most recipients that settings allow are 120, each with one delivery. */
const lookedAt = 200;
const longestOutcome = 500;

/** The button that sends a test alert to everybody, and what became of it, recipient by recipient. */
export class TestAlert {
  readonly element: HTMLElement;
  private readonly send = button('Send a test alert', () => void this.run(), { class: 'primary' });
  private readonly outcome = element('div', { class: 'outcome' });
  private request = new AbortController();

  /** @param onSettled is called when something new is known about alerts */
  constructor(
    private readonly shell: Shell,
    private readonly onSettled: () => void,
  ) {
    this.element = element(
      'div',
      { class: 'try' },
      element('p', {}, 'A test goes to every address and webhook that alerts go to, at once.'),
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
      const [newest] = (await this.shell.api.listDeliveries(null, 1, signal)).deliveries;
      await this.shell.api.sendTestAlert();
      await this.follow(newest?.id ?? 0, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 503) this.showUnavailable(error);
      else showFailure(this.outcome, error, () => void this.run());
    } finally {
      setBusy(this.send, false);
    }
  }

  /** @param after id of the last delivery before the test */
  private async follow(after: number, signal: AbortSignal): Promise<void> {
    for (const pauseMs of pausesMs) {
      await pause(pauseMs, signal);
      const { deliveries } = await this.shell.api.listDeliveries(null, lookedAt, signal);
      const ours = deliveries.filter(({ id, kind }) => id > after && kind === 'test').reverse();
      this.showOutcomes(ours);
      if (ours.length > 0 && ours.every(({ state }) => state !== 'pending')) {
        announce(summaryOf(ours));
        this.onSettled();
        return;
      }
    }
    this.outcome.append(
      element('p', { class: 'hint' }, 'Some are still under way. '),
      button('Look again', () => void this.lookAgain(after)),
    );
  }

  private async lookAgain(after: number): Promise<void> {
    const { signal } = (this.request = new AbortController());
    setBusy(this.send, true);
    try {
      await this.follow(after, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      showFailure(this.outcome, error, () => void this.lookAgain(after));
    } finally {
      setBusy(this.send, false);
    }
  }

  private showOutcomes(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    this.outcome.replaceChildren(
      element('p', {}, summaryOf(deliveries)),
      element('ul', { class: 'outcomes' }, ...deliveries.map(outcomeOf)),
    );
  }

  /** Most likely nothing is configured; the answer says which setting is missing. */
  private showUnavailable({ message }: ApiError): void {
    const title = 'No test alert was sent';
    this.outcome.replaceChildren(
      element(
        'div',
        { class: 'notice failure' },
        element('h3', {}, title),
        element('p', { class: 'outside' }, message),
      ),
    );
    announce(`${title}. ${message}`);
    this.onSettled();
  }
}

function summaryOf(deliveries: readonly Delivery[]): string {
  const count = (state: Delivery['state']) => deliveries.filter((one) => one.state === state).length;
  const [sent, failed, pending] = [count('sent'), count('failed'), count('pending')];
  const parts = [
    sent > 0 ? `${plural(sent, 'alert')} sent` : '',
    failed > 0 ? `${plural(failed, 'alert')} failed` : '',
    pending > 0 ? `${plural(pending, 'alert')} under way` : '',
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

function outcomeOf({ recipient, state, response, reason }: Delivery): HTMLElement {
  const result =
    state === 'sent'
      ? `Sent: ${response ?? 'taken'}`
      : state === 'failed'
        ? `Failed: ${reason ?? 'no reason is known'}`
        : 'Under way …';
  return element(
    'li',
    { class: state },
    element('span', { class: 'recipient outside' }, recipient),
    element('span', { class: 'result outside' }, oneLine(result, longestOutcome)),
  );
}
