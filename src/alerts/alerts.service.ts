import {
  BeforeApplicationShutdown,
  Injectable,
  Logger,
  OnApplicationBootstrap,
  OnModuleInit,
} from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { setTimeout as pause } from 'node:timers/promises';
import { AppConfig } from '../config/app-config';
import { ERROR_CREATED, ERROR_REOPENED } from '../errors/error-events';
import { WriteQueue } from '../errors/write-queue';
import { AlertChannels } from './alert-channels';
import type { PlanRules } from './delivery-planner';
import { DeliverySender } from './delivery-sender';
import { DeliveryWriter } from './delivery-writer';

/**
 * A flood of new errors is dealt with in parts of so many deliveries, and between two parts the writer thread has so
 * many times as long for reports: what is beyond the hourly cap can wait for its summary.
 */
const DELIVERIES_AT_ONCE = 300;
const PAUSE_FACTOR = 40;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const TRY_AGAIN_MS = 5_000;

/** How often a replica looks for what another one has left: it is told of its own errors only. */
const LOOK_MS = 3_000;

/** Hears of new and reopened errors, has it decided who is told, and wakes the sender. */
@Injectable()
export class AlertsService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private planning = false;
  private eventsCame = false;
  private readonly stopped = new AbortController();

  constructor(
    private readonly config: AppConfig,
    private readonly channels: AlertChannels,
    private readonly writeQueue: WriteQueue,
    private readonly writer: DeliveryWriter,
    private readonly sender: DeliverySender,
  ) {}

  onModuleInit(): void {
    if (this.channels.areConfigured) this.writeQueue.keepEvents();
    else
      this.logger.log(
        `Alerts are off: ${this.channels.missingSetting('mail')} is not set, and neither is ALERT_WEBHOOK_URLS. ` +
          'Mails need SMTP_HOST and ALERT_EMAILS',
      );
  }

  onApplicationBootstrap(): void {
    void this.resume();
  }

  @OnEvent(ERROR_CREATED)
  @OnEvent(ERROR_REOPENED)
  onErrorEvent(): void {
    if (!this.channels.areConfigured) return;
    this.eventsCame = true;
    if (!this.planning) void this.plan();
  }

  /** Sends a test alert to everyone; returns when that is written down. */
  async sendTest(): Promise<void> {
    await this.writer.ask({ kind: 'test', recipients: this.channels.recipients });
    this.sender.wake();
  }

  beforeApplicationShutdown(): void {
    this.stopped.abort();
  }

  /** What was pending when the process ended goes on, but for what may have arrived. Never rejects. */
  private async resume(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.channels.loadConfigured();
        const left = await this.writer.ask({ kind: 'resume', now: new Date() });
        this.tellGivenUp(left.givenUp);
        // Other replicas may have channels, as while the settings are being changed: what was noted is theirs to tell.
        if (left.isShared && !this.channels.areConfigured) return;
        this.sender.start();
        // Looking starts a thread, which a server without alerts does not need.
        if (left.hasPending) this.sender.wake();
        // Without channels this throws away what was noted when there were some: nobody wants to hear of it later.
        this.eventsCame = true;
        void this.plan();
        if (left.isShared) void this.lookAfterOthers();
        return;
      } catch (error) {
        await this.waitAndTryAgain(error);
      }
    }
  }

  /**
   * Replicas die after they have noted an error and before they plan, or while they send; or they have as much under way
   * as they may. Never rejects.
   */
  private async lookAfterOthers(): Promise<void> {
    for (;;) {
      await this.pause(LOOK_MS);
      if (this.stopped.signal.aborted) return;
      try {
        this.tellGivenUp(await this.writer.ask({ kind: 'give-up-unknown', now: new Date() }));
        this.onErrorEvent();
        this.sender.wake();
      } catch {
        // The database cannot be used, which shows elsewhere; the next look is soon.
      }
    }
  }

  private tellGivenUp(givenUp: number): void {
    if (givenUp > 0)
      this.logger.warn(`${givenUp} alerts were being taken when the process ended: they may have arrived`);
  }

  /** Never rejects. */
  private async plan(): Promise<void> {
    this.planning = true;
    while (this.eventsCame && !this.stopped.signal.aborted) {
      this.eventsCame = false;
      try {
        const most = Math.ceil(DELIVERIES_AT_ONCE / Math.max(1, this.channels.recipients.length));
        const { taken, tookMs } = await this.writer.ask({
          kind: 'plan',
          rules: this.rules(),
          most,
        });
        if (taken > 0 && this.channels.areConfigured) this.sender.wake();
        if (taken === most) this.eventsCame = true;
        await this.pause(Math.min(Math.max(tookMs * PAUSE_FACTOR, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS));
      } catch (error) {
        this.eventsCame = true;
        await this.waitAndTryAgain(error);
      }
    }
    this.planning = false;
  }

  private async waitAndTryAgain(error: unknown): Promise<void> {
    this.logger.warn(`Alerts wait: ${error instanceof Error ? error.message : String(error)}`);
    await this.pause(TRY_AGAIN_MS);
  }

  private async pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { ref: false, signal: this.stopped.signal }).catch(() => undefined);
  }

  private rules(): PlanRules {
    return {
      recipients: this.channels.recipients,
      cooldownMinutes: this.config.alertCooldownMinutes,
      hourlyCap: this.config.alertHourlyCap,
      summaryMinutes: this.config.alertSummaryMinutes,
    };
  }
}
