import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable, UnavailableError } from '../common/unavailable';
import { AppConfig } from '../config/app-config';
import { DatabaseThread } from '../database/database-thread';
import type { GroupResult, RefusedGroup, WriteRequest, WriteResults } from './error-writer.worker';
import type { Recorded, Report } from './report';
import { groupReports, toRecorded, toReportGroup } from './report-group';

/** What may wait to be written, the batch under way included. More is refused at once rather than held in memory. */
const MOST_WAITING_REPORTS = 10_000;
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** A larger batch would make its first report wait for its last. */
const LARGEST_BATCH = 1_000;
const WRITER_HEAP_MB = 96;

const UNAVAILABLE = 'The database cannot take reports right now; try again in a few seconds';

interface WaitingReport {
  report: Report;
  bytes: number;
  resolve: (recorded: Recorded) => void;
  reject: (error: Error) => void;
}

/**
 * The way to the one writer thread.
 *
 * States: *idle*, and *writing* while the thread has a batch; reports that arrive meanwhile form the next batch (group
 * commit, no timer), in which reports of one fingerprint become one update. Guarantees: a report's promise is fulfilled only after the transaction that holds it has
 * committed; every promise is settled; what waits is bounded; at shutdown everything accepted is written.
 */
@Injectable()
export class WriteQueue implements OnApplicationShutdown {
  private readonly logger = new Logger('Writer');
  private readonly thread: DatabaseThread<WriteRequest, WriteResults[WriteRequest['kind']]>;
  private waiting: WaitingReport[] = [];
  private heldReports = 0;
  private heldBytes = 0;
  private writing: Promise<void> | null = null;
  private unwell = false;
  private damaged = false;

  constructor(config: AppConfig) {
    this.thread = new DatabaseThread('errors/error-writer.worker', config.databasePath, WRITER_HEAP_MB);
  }

  /**
   * Stores a report; when the promise is fulfilled, it is on disk.
   * @param bytes about how much memory it holds
   * @throws UnavailableError when too much is waiting or the database cannot take it; then it was not acknowledged
   */
  record(report: Report, bytes: number): Promise<Recorded> {
    this.requireRoom();
    this.heldReports += 1;
    this.heldBytes += bytes;
    return new Promise((resolve, reject) => {
      this.waiting.push({ report, bytes, resolve, reject });
      this.writing ??= this.writeAll();
    });
  }

  /** @throws UnavailableError when a report would be refused now, so that its body need not be read */
  requireRoom(): void {
    if (this.heldReports >= MOST_WAITING_REPORTS || this.heldBytes >= MOST_WAITING_BYTES) {
      throw new UnavailableError('Too many reports are waiting to be written; try again in a second', 1);
    }
  }

  /** Has the thread do something else, between two batches. */
  async ask<Kind extends Exclude<WriteRequest['kind'], 'record'>>(
    request: Extract<WriteRequest, { kind: Kind }>,
  ): Promise<WriteResults[Kind]> {
    return (await this.thread.request(request)) as WriteResults[Kind];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writing;
    await this.thread.close();
  }

  private async writeAll(): Promise<void> {
    // Reports of the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, LARGEST_BATCH);
      const refusal = await this.write(batch);
      this.release(batch);
      if (refusal) this.refuseWaiting(refusal);
    }
    this.writing = null;
  }

  /** @returns why the database cannot take reports at all; null when it took these or refused them for themselves */
  private async write(batch: readonly WaitingReport[]): Promise<UnavailableError | null> {
    const groups = groupReports(batch);
    try {
      const results = (await this.thread.request({
        kind: 'record',
        groups: groups.map((group) => toReportGroup(group.map(({ report }) => report))),
      })) as GroupResult[];
      this.noteHealth(null);
      this.noteDamage(results);
      groups.forEach((group, index) => settle(group, results[index] as GroupResult));
      return null;
    } catch (error) {
      this.noteHealth(error as Error);
      const refusal = toRefusal(error as Error);
      for (const { reject } of batch) reject(refusal);
      return refusal instanceof UnavailableError ? refusal : null;
    }
  }

  /** What waits behind a batch that the database could not take would only wait as long in vain. */
  private refuseWaiting(refusal: UnavailableError): void {
    const refused = this.waiting.splice(0);
    for (const { reject } of refused) reject(refusal);
    this.release(refused);
  }

  private release(reports: readonly WaitingReport[]): void {
    for (const { bytes } of reports) this.heldBytes -= bytes;
    this.heldReports -= reports.length;
  }

  /** One line when the database stops taking reports and one when it takes them again, not one for each report. */
  private noteHealth(error: Error | null): void {
    if (error && !this.unwell) this.logger.error(`Reports are answered with 503: ${error.message}`);
    if (!error && this.unwell) this.logger.log('Reports are stored again');
    this.unwell = error !== null;
  }

  /** A damaged file takes some reports and not others; said once, since it does not heal. */
  private noteDamage(results: readonly GroupResult[]): void {
    const damage = this.damaged ? undefined : results.find(isDamage);
    if (!damage) return;
    this.damaged = true;
    this.logger.error(
      `The database file is damaged (${damage.refused}): restore a backup; some reports get 503`,
    );
  }
}

function isDamage(result: GroupResult): result is RefusedGroup {
  return 'refused' in result && result.cause === 'damage';
}

function settle(group: readonly WaitingReport[], result: GroupResult): void {
  group.forEach(({ report, resolve, reject }, place) => {
    if (!('refused' in result)) resolve(toRecorded(result, place, report.fingerprint));
    else if (result.cause === 'report') reject(new Error(`The database refused a report: ${result.refused}`));
    else reject(new UnavailableError(UNAVAILABLE, 5));
  });
}

function toRefusal(error: Error): Error {
  if (!isDatabaseUnavailable(error)) return error;
  return new UnavailableError(UNAVAILABLE, 5);
}
