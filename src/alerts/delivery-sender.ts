import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { setTimeout as pause } from 'node:timers/promises';
import { AlertChannels } from './alert-channels';
import { AlertContents } from './alert-contents';
import { DeliveryError, type Receipt } from './channel';
import { CHANNEL_NAMES, type ChannelName, type DueDelivery, type Outcome } from './delivery';
import { DELIVERY_ATTEMPTED, type DeliveryAttempt } from './delivery-events';
import { DeliveryReader } from './delivery-reader';
import { describeFailure, describeSuccess } from './delivery-log';
import { HeldClaims } from './held-claims';
import { judgeFailure, toDeliveryError } from './judge-failure';

/** All mails go through one server; of webhooks each has its own. */
const MOST_AT_ONCE: Record<ChannelName, number> = { mail: 3, webhook: 20 };
/** A clock that is set back must not put off what is due for longer. */
const LONGEST_SLEEP_MS = 60_000;
/** When the database could not be asked for what is due. */
const LOOK_AGAIN_MS = 5_000;
/** When another replica has claimed it: by then that can be seen. */
const CLAIM_AGAIN_MS = 20;
const RECORD_AGAIN_MS = 2_000;
/** How long a stop waits for what is on its way; the rest stays pending and is sent after the next start. */
const SHUTDOWN_DEADLINE_MS = 3_000;
/** For leaving that rest to other replicas, which they get anyway, only later. */
const RELEASE_DEADLINE_MS = 1_000;

/** How far an attempt has come: *over*: the other side may have taken it; *refused*: its claim had run out before. */
interface Handing {
  isOver: boolean;
  isRefused: boolean;
}

/** Sends deliveries whose time has come, and writes down what came of each. */
@Injectable()
export class DeliverySender implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  /** by claim */
  private readonly underWay = new Map<string, { channel: ChannelName; ended: Promise<void> }>();
  private timer: NodeJS.Timeout | null = null;
  private started = false;
  private looking = false;
  private looked: Promise<void> = Promise.resolve();
  private mayBeDue = false;
  private stopping = false;

  constructor(
    private readonly reader: DeliveryReader,
    private readonly claims: HeldClaims,
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
    if (!this.looking) this.looked = this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const ended = [...this.underWay.values()].map((delivery) => delivery.ended);
    await within(SHUTDOWN_DEADLINE_MS, Promise.all([this.looked, ...ended]));
    const released = this.claims.releaseAll().catch(() => undefined);
    await within(RELEASE_DEADLINE_MS, released);
  }

  /** One look at a time, since two would find the same. Never rejects. */
  private async look(): Promise<void> {
    this.looking = true;
    while (this.mayBeDue && !this.stopping) {
      this.mayBeDue = false;
      const now = new Date();
      try {
        await this.claims.releaseUnanswered();
        for (const channel of CHANNEL_NAMES) await this.startDue(channel, now);
        this.sleepUntil(await this.findNextDueAt(now), now);
      } catch (error) {
        this.logger.warn(`What is due cannot be sent yet: ${String(error)}`);
        this.sleepUntil(new Date(now.getTime() + LOOK_AGAIN_MS), now);
      }
    }
    this.looking = false;
  }

  /** Nobody is told two things at once: whoever does not answer holds up nobody else. */
  private async startDue(channel: ChannelName, now: Date): Promise<void> {
    const recipients = this.channels.recipientsOf(channel);
    while (this.hasRoom(channel)) {
      const id = await this.reader.ask({ kind: 'due', channel, recipients, now });
      if (id === null) return;
      const delivery = await this.claims.claim(id);
      // What was claimed meanwhile is given back at the end of the stop.
      if (this.stopping) return;
      if (delivery) this.begin(delivery);
      else await pause(CLAIM_AGAIN_MS, undefined, { ref: false });
    }
  }

  private begin(delivery: DueDelivery): void {
    const { channel, claim } = delivery;
    const ended = this.attempt(delivery).finally(() => {
      this.underWay.delete(claim);
      this.wake();
    });
    this.underWay.set(claim, { channel, ended });
  }

  private hasRoom(channel: ChannelName): boolean {
    const ofChannel = [...this.underWay.values()].filter((delivery) => delivery.channel === channel);
    return !this.stopping && ofChannel.length < MOST_AT_ONCE[channel];
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
    const handing: Handing = { isOver: false, isRefused: false };
    try {
      const { response, bytesReceived } = await this.send(delivery, handing);
      const outcome = toOutcome({ state: 'sent', response }, bytesReceived);
      this.logger.log(describeSuccess(delivery, response, outcome.durationMs, this.channels.smtpServer));
      await this.record(delivery, outcome);
    } catch (error) {
      if (handing.isRefused) {
        this.logger.warn(
          `Delivery ${delivery.id} is not sent: it was held up until its claim ran out, or deleted`,
        );
        return;
      }
      const failure = toDeliveryError(error);
      const result = judgeFailure(delivery, failure, handing.isOver);
      this.logger.warn(describeFailure(delivery, failure, result));
      await this.record(delivery, toOutcome(result, failure.bytesReceived));
    }
  }

  /** @param handing is told how far it has come */
  private async send(delivery: DueDelivery, handing: Handing): Promise<Receipt> {
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
          handing.isOver = await this.claims.handOver(delivery);
          handing.isRefused = !handing.isOver;
          if (handing.isRefused) throw new Error('its claim has run out');
        },
      },
    );
  }

  /** What was sent must not be sent again because the database was busy: it is written down as soon as that passes. */
  private async record(delivery: DueDelivery, outcome: Outcome): Promise<void> {
    const { id, channel } = delivery;
    const attempt: DeliveryAttempt = { channel, state: outcome.result.state };
    this.emitter.emit(DELIVERY_ATTEMPTED, attempt);
    for (;;) {
      try {
        const isRecorded = await this.claims.record(delivery, outcome);
        if (!isRecorded)
          this.logger.warn(`The outcome of delivery ${id} is not written down: it was taken over or deleted`);
        return;
      } catch (error) {
        this.logger.warn(`The outcome of delivery ${id} cannot be written down yet: ${String(error)}`);
        if (this.stopping) return;
        await pause(RECORD_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(milliseconds, undefined, { ref: false })]);
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((left, right) => (left && (!right || left < right) ? left : right), null);
}
