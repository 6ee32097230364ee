import { Injectable } from '@nestjs/common';
import { DatabaseWriter } from '../database/database-writer';
import type { DeliveryWrite, DeliveryWriteResults } from './delivery-writes';

/** The way of alerts to the writer thread. */
@Injectable()
export class DeliveryWriter {
  constructor(private readonly writer: DatabaseWriter) {}

  async ask<Kind extends DeliveryWrite['kind']>(
    request: Extract<DeliveryWrite, { kind: Kind }>,
  ): Promise<DeliveryWriteResults[Kind]> {
    return (await this.writer.ask('alerts/delivery-writes', request)) as DeliveryWriteResults[Kind];
  }
}
