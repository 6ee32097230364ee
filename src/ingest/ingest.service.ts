import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Recorded } from '../errors/report';
import { WriteQueue } from '../errors/write-queue';
import { parseJson } from './parse-json';
import { parseReport } from './parse-report';
import { readJsonText } from './read-body';

/** The way in of the native API. */
@Injectable()
export class IngestService {
  constructor(private readonly writeQueue: WriteQueue) {}

  /**
   * Reads, checks and stores a report; when the promise is fulfilled, it is on disk.
   * @throws HttpException saying what is wrong with the request, or UnavailableError when it cannot be stored now
   */
  async take(request: IncomingMessage): Promise<Recorded> {
    this.writeQueue.requireRoom();
    const text = await readJsonText(request);
    return this.writeQueue.record(parseReport(parseJson(text), new Date()), 2 * text.length);
  }
}
