import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Reporter } from '../auth/report-access';
import { BodyReader } from '../common/body-reader';
import { RefusedException } from '../common/refused-exception';
import type { Recorded, Report } from '../errors/report';
import { WriteQueue } from '../errors/write-queue';
import { parseReport } from './parse-report';
import { CreatedAnswer, ExistingAnswer } from './report.answers';

/** The largest report, before and after decompression. */
const MAX_REPORT_BYTES = 256 * 1024;

export type IngestAnswer = { status: 201; body: CreatedAnswer } | { status: 200; body: ExistingAnswer };

/** The way in of the native API. */
@Injectable()
export class IngestService {
  constructor(
    private readonly bodies: BodyReader,
    private readonly writeQueue: WriteQueue,
  ) {}

  /**
   * Reads, checks and stores a report; when the promise is fulfilled, it is on disk.
   * @param reporter who reports with an ingest key: for one project only
   * @returns the answer: status and JSON body
   * @throws HttpException saying what is wrong with the request, or UnavailableError when it cannot be stored now
   */
  async take(request: IncomingMessage, reporter: Reporter | null): Promise<IngestAnswer> {
    this.writeQueue.requireRoom();
    // A beacon of a page asks no preflight as long as its body is called text.
    const text = await this.bodies.readJsonText(request, MAX_REPORT_BYTES, reporter?.isInAddress);
    return this.store(text, reporter);
  }

  /** Not `async`: while it waits for the disk, the text is garbage already. */
  private store(text: string, reporter: Reporter | null): Promise<IngestAnswer> {
    const report = parseReport(text, new Date());
    if (reporter) requireOwnProject(report, reporter);
    if (reporter?.isBrowser) report.source = 'browser';
    return this.writeQueue.record(report, heapBytes(text)).then(toAnswer);
  }
}

function toAnswer({ status, fingerprint, id, count }: Recorded): IngestAnswer {
  if (status === 'created') return { status: 201, body: { status, fingerprint, id } };
  return { status: 200, body: { status: 'existing', fingerprint, count } };
}

function requireOwnProject({ project }: Report, { key }: Reporter): void {
  if (project === key.project) return;
  const fault = `the report names the project ${project}`;
  const sentence = `The ingest key is for the project ${key.project}, and ${fault}`;
  throw new RefusedException(403, 'other-project', sentence, { projectId: key.projectId, detail: fault });
}

/** One character beyond Latin-1 makes all of a text take two bytes each; ASCII takes one. */
function heapBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}
