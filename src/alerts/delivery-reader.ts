import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import type { DeliveryRead, DeliveryReadResults } from './delivery-reads';

/** The way of alerts to the thread for quick reads. */
@Injectable()
export class DeliveryReader {
  constructor(private readonly reader: DatabaseReader) {}

  async ask<Kind extends DeliveryRead['kind']>(
    request: Extract<DeliveryRead, { kind: Kind }>,
  ): Promise<DeliveryReadResults[Kind]> {
    return (await this.reader.ask('alerts/delivery-reads', request)) as DeliveryReadResults[Kind];
  }
}
