import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseWriter } from '../database/database-writer';
import type { Busy, DeliveryWrite, DeliveryWriteResults } from './delivery-writes';

/** Replicas decide within milliseconds; those that wait must not all ask again at the same time. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 60;

/** The way of alerts to the writer thread. */
@Injectable()
export class DeliveryWriter {
  constructor(private readonly writer: DatabaseWriter) {}

  /** While another replica is deciding something, what is to be decided waits, and reports do not. */
  async ask<Kind extends DeliveryWrite['kind']>(
    request: Extract<DeliveryWrite, { kind: Kind }>,
  ): Promise<DeliveryWriteResults[Kind]> {
    for (;;) {
      const answer = (await this.writer.ask('alerts/delivery-writes', request)) as
        DeliveryWriteResults[Kind] | Busy;
      if (answer !== 'busy') return answer;
      await pause(SHORTEST_WAIT_MS + Math.random() * (LONGEST_WAIT_MS - SHORTEST_WAIT_MS));
    }
  }
}
