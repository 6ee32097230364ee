import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { setTimeout as pause } from 'node:timers/promises';
import { AlertChannels } from './alert-channels';
import { AlertContents } from './alert-contents';
import { DeliveryError, type Receipt } from './channel';
import { CHANNEL_NAMES, type ChannelName, type DueDelivery, type Outcome } from './delivery';
import { DELIVERY_ATTEMPTED, type DeliveryAttempt } from './delivery-events';
import { DeliveryReader } from './delivery-reader';
import { DeliveryWriter } from './delivery-writer';
import { describeFailure, describeSuccess } from './delivery-log';
import { findNextAttempt } from './retry-schedule';

/** All mails go through one server; of webhooks each has its own. */
const MOST_AT_ONCE: Record<ChannelName, number> = { mail: 3, webhook: 20 };
/** A clock that is set back must not put off what is due for longer. */
const LONGEST_SLEEP_MS = 60_000;
/** When what is due could not be read. */
const LOOK_AGAIN_MS = 5_000;
const RECORD_AGAIN_MS = 2_000;
/** How long a stop waits for what is on its way; the rest stays pending and is sent after the next start. */
const SHUTDOWN_DEADLINE_MS = 3_000;

/** Sends deliveries whose time has come, and writes down what came of each. */
@Injectable()
export class DeliverySender implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly underWay = new Map<
    number,
    { channel: ChannelName; recipient: string; ended: Promise<void> }
  >();
  private timer: NodeJS.Timeout | null = null;
  private started = false;
  private looking = false;
  private mayBeDue = false;
  private stopping = false;

  constructor(
    private readonly reader: DeliveryReader,
    private readonly writer: DeliveryWriter,
    private readonly contents: AlertContents,
    private readonly channels: AlertChannels,
    private readonly emitter: EventEmitter2,
  ) {}

  /** From now on `wake` has an effect. */
  start(): void {
    this.started = true;
  }

  /** Looks for what is due; to be called whenever there may be something. */
  wake(): void {
    if (!this.started || this.stopping) return;
    this.mayBeDue = true;
    if (!this.looking) void this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const ended = Promise.all([...this.underWay.values()].map((delivery) => delivery.ended));
    await Promise.race([ended, pause(SHUTDOWN_DEADLINE_MS, undefined, { ref: false })]);
  }

  /** One look at a time, since two would find the same. Never rejects. */
  private async look(): Promise<void> {
    this.looking = true;
    while (this.mayBeDue && !this.stopping) {
      this.mayBeDue = false;
      const now = new Date();
      try {
        for (const channel of CHANNEL_NAMES) await this.startDue(channel, now);
        this.sleepUntil(await this.findNextDueAt(now), now);
      } catch (error) {
        this.logger.warn(`What is due cannot be read: ${String(error)}`);
        this.sleepUntil(new Date(now.getTime() + LOOK_AGAIN_MS), now);
      }
    }
    this.looking = false;
  }

  /** Nobody is told two things at once: whoever does not answer holds up nobody else. */
  private async startDue(channel: ChannelName, now: Date): Promise<void> {
    for (;;) {
      const ofChannel = [...this.underWay.values()].filter((delivery) => delivery.channel === channel);
      if (ofChannel.length >= MOST_AT_ONCE[channel]) return;
      const busy = ofChannel.map(({ recipient }) => recipient);
      const delivery = await this.reader.ask({ kind: 'due', channel, now, busy });
      if (!delivery || this.stopping) return;
      const ended = this.attempt(delivery).finally(() => {
        this.underWay.delete(delivery.id);
        this.wake();
      });
      this.underWay.set(delivery.id, { channel, recipient: delivery.recipient, ended });
    }
  }

  private async findNextDueAt(now: Date): Promise<Date | null> {
    const times = CHANNEL_NAMES.map((channel) => this.reader.ask({ kind: 'next-due-at', channel, now }));
    return earliest(await Promise.all(times));
  }

  private sleepUntil(dueAt: Date | null, now: Date): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (!dueAt) return;
    const sleepMs = Math.min(Math.max(dueAt.getTime() - now.getTime(), 0) + 1, LONGEST_SLEEP_MS);
    this.timer = setTimeout(() => this.wake(), sleepMs).unref();
  }

  private async attempt(delivery: DueDelivery): Promise<void> {
    const startedAt = Date.now();
    const toOutcome = (result: Outcome['result'], bytesReceived: number): Outcome => {
      const at = new Date();
      return { at, durationMs: at.getTime() - startedAt, bytesReceived, result };
    };
    const handing = { isOver: false };
    try {
      const { response, bytesReceived } = await this.send(delivery, handing);
      const outcome = toOutcome({ state: 'sent', response }, bytesReceived);
      this.logger.log(describeSuccess(delivery, response, outcome.durationMs, this.channels.smtpServer));
      await this.record(delivery, outcome);
    } catch (error) {
      const failure = error instanceof DeliveryError ? error : unexpected(error);
      const result = afterFailure(delivery, failure, handing.isOver);
      this.logger.warn(describeFailure(delivery, failure, result));
      await this.record(delivery, toOutcome(result, failure.bytesReceived));
    }
  }

  /** @param handing is told when the other side may have taken it */
  private async send(delivery: DueDelivery, handing: { isOver: boolean }): Promise<Receipt> {
    const { id, channel, recipient, createdAt } = delivery;
    const alert = await this.contents.find(delivery);
    if (!alert)
      throw new DeliveryError('not sent: what there was to tell has been deleted meanwhile', true, 0);
    return this.channels.deliver(
      { channel, recipient },
      {
        id,
        createdAt,
        alert,
        handOver: async () => {
          await this.writer.ask({ kind: 'hand-over', id, now: new Date() });
          handing.isOver = true;
        },
      },
    );
  }

  /** What was sent must not be sent again because the database was busy: it is written down as soon as that passes. */
  private async record({ id, channel }: DueDelivery, outcome: Outcome): Promise<void> {
    const attempt: DeliveryAttempt = { channel, state: outcome.result.state };
    this.emitter.emit(DELIVERY_ATTEMPTED, attempt);
    for (;;) {
      try {
        await this.writer.ask({ kind: 'record', id, outcome });
        return;
      } catch (error) {
        this.logger.warn(`The outcome of delivery ${id} cannot be written down yet: ${String(error)}`);
        if (this.stopping) return;
        await pause(RECORD_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((left, right) => (left && (!right || left < right) ? left : right), null);
}

function unexpected(error: unknown): DeliveryError {
  return new DeliveryError(error instanceof Error ? error.message : String(error), false, 0);
}

/** What the other side may have taken without saying so is not sent again, as after a crash. */
function afterFailure(
  { kind, attempts, createdAt }: DueDelivery,
  failure: DeliveryError,
  isHandedOver: boolean,
): Outcome['result'] {
  const { message, hint, permanent, verdict } = failure;
  const reason = hint ? `${message} (${hint})` : message;
  if (isHandedOver && !verdict)
    return { state: 'failed', reason: `may have arrived, and is not sent again: ${reason}` };
  if (permanent || kind === 'test') return { state: 'failed', reason };
  const dueAt = findNextAttempt(attempts + 1, createdAt, new Date(), verdict?.retryAfter);
  if (dueAt) return { state: 'pending', reason, dueAt };
  return { state: 'failed', reason: `given up after a day; the last attempt: ${reason}` };
}
