import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Counter, Registry } from 'prom-client';
import { CHANNEL_NAMES } from '../alerts/delivery';
import { DELIVERY_ATTEMPTED, type DeliveryAttempt } from '../alerts/delivery-events';

const OUTCOMES = ['sent', 'failed', 'pending'] as const satisfies DeliveryAttempt['state'][];

/** What came of attempts to tell people. */
@Injectable()
export class DeliveryMetrics {
  private readonly attempts: Counter<'channel' | 'outcome'>;

  constructor(registry: Registry) {
    this.attempts = new Counter({
      name: 'error_tracker_deliveries_total',
      help: 'Attempts to deliver an alert, by channel and outcome; after pending there will be another one',
      labelNames: ['channel', 'outcome'],
      registers: [registry],
    });
    for (const channel of CHANNEL_NAMES) {
      for (const outcome of OUTCOMES) this.attempts.inc({ channel, outcome }, 0);
    }
  }

  @OnEvent(DELIVERY_ATTEMPTED)
  onAttempted({ channel, state }: DeliveryAttempt): void {
    this.attempts.inc({ channel, outcome: state });
  }
}
