import { Injectable } from '@nestjs/common';
import { ErrorWriter } from '../errors/error-writer';
import { Recorded } from '../errors/report';
import { parseJson } from './parse-json';
import { parseReport } from './parse-report';

/** The way in of the native API. */
@Injectable()
export class IngestService {
  constructor(private readonly writer: ErrorWriter) {}

  /**
   * Checks and stores a report; when this returns, it is on disk.
   * @param text the body as it was sent
   * @throws BadRequestException saying what is wrong with it
   */
  take(text: string): Recorded {
    const report = parseReport(parseJson(text), new Date());
    const [recorded] = this.writer.record([report]);
    if (!recorded) throw new Error('The writer gave no answer to a report');
    return recorded;
  }
}
