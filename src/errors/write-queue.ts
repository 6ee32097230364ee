import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable, isUnavailableForAll, UnavailableError } from '../common/unavailable';
import { withinTime } from '../common/within-time';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { DatabaseWriter } from '../database/database-writer';
import { ErrorChanges } from './error-changes';
import { ERROR_CREATED, ERROR_REOPENED, type ErrorEvent, REPORTS_COMMITTED } from './error-events';
import type { GroupResult, RefusedGroup, WriteRequest, WriteResults } from './error-writes';
import { packGroups } from './packed-groups';
import type { Recorded, Report } from './report';
import { groupReports, toRecorded, toReportGroup } from './report-group';

/** What may wait to be written, what is being written included. More is refused at once rather than held in memory. */
export const MOST_WAITING_REPORTS = 10_000;
export const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/**
 * So many reports are sent to the thread without waiting for it to finish what it has: while this thread reads the
 * reports of many clients one after the other, the other writes those that were read already.
 */
const SENT_AT_ONCE = 16;
/** What has gathered goes to the thread after so long, whatever that is at: it may know that it cannot write. */
const LONGEST_GATHERING_MS = 100;
/** How long a stop waits for what is being written; the thread may go on, but nobody waits for its answer any more. */
const LAST_WAIT_MS = 500;
/** The file that writes errors, in the writer thread. */
const WRITES = 'errors/error-writes';

const UNAVAILABLE = 'The database cannot take reports right now; try again in a few seconds';

/** Who waits for a report to be on disk. */
interface Waiter {
  bytes: number;
  resolve: (recorded: Recorded) => void;
  reject: (error: Error) => void;
}

interface GatheredReport {
  report: Report;
  waiter: Waiter;
}

/** Reports of one error that went to the thread, without themselves: that takes most of the cost of collecting them. */
interface SentGroup {
  fingerprint: string;
  project: string;
  waiters: Waiter[];
}

/**
 * The way to the one writer thread.
 *
 * Reports gather until the turn of the event loop ends or there are enough of them, and are sent to the thread in
 * parts; those that reach it while it commits others become its next transaction (group commit, no timer). Reports of
 * one fingerprint become one update. Guarantees: a report's promise is fulfilled only after the transaction that holds
 * it has committed; every promise is settled; what waits is bounded; at shutdown everything accepted goes to the thread.
 */
@Injectable()
export class WriteQueue implements OnApplicationShutdown {
  private readonly logger = new Logger('Writer');
  private gathered: GatheredReport[] = [];
  private endOfTurn: NodeJS.Immediate | null = null;
  private latest: NodeJS.Timeout | null = null;
  private readonly underWay = new Set<Promise<void>>();
  private heldReports = 0;
  private heldBytes = 0;
  private unwell = false;
  private damaged = false;

  private keepsEvents = false;

  constructor(
    private readonly writer: DatabaseWriter,
    private readonly emitter: EventEmitter2,
    private readonly changes: ErrorChanges,
  ) {}

  /** Reports that were taken and are not on disk yet. */
  get waitingReports(): number {
    return this.heldReports;
  }

  /** About how much memory those hold. */
  get waitingBytes(): number {
    return this.heldBytes;
  }

  /** From now on `ErrorEventLog` gets every error that is new or open again, for someone who then takes them. */
  keepEvents(): void {
    this.keepsEvents = true;
  }

  /**
   * Stores a report; when the promise is fulfilled, it is on disk.
   * @param bytes about how much memory it holds
   * @throws UnavailableError when too much is waiting or the database cannot take it; then it was not acknowledged
   */
  record(report: Report, bytes: number): Promise<Recorded> {
    return new Promise((resolve, reject) => {
      this.requireRoom();
      this.heldReports += 1;
      this.heldBytes += bytes;
      this.gathered.push({ report, waiter: { bytes, resolve, reject } });
      if (this.gathered.length >= SENT_AT_ONCE) this.send();
      else this.endOfTurn ??= setImmediate(() => this.sendAtEndOfTurn());
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
    return (await this.writer.ask(WRITES, request)) as WriteResults[Kind];
  }

  async onApplicationShutdown(): Promise<void> {
    this.send();
    await withinTime(LAST_WAIT_MS, this.finish()).catch(() => undefined);
  }

  private async finish(): Promise<void> {
    while (this.heldReports > 0) {
      this.send();
      await Promise.all(this.underWay);
    }
  }

  private sendAtEndOfTurn(): void {
    this.endOfTurn = null;
    // Otherwise they wait for an answer of the thread, and for more of their kind.
    if (this.underWay.size === 0) this.send();
    else this.latest ??= setTimeout(() => this.send(), LONGEST_GATHERING_MS);
  }

  private send(): void {
    if (this.latest) clearTimeout(this.latest);
    this.latest = null;
    if (this.gathered.length === 0) return;
    const groups = groupReports(this.gathered);
    this.gathered = [];
    const sent = groups.map(toSentGroup);
    const written = this.settle(this.askToRecord(groups), sent).then((refusal) => {
      this.underWay.delete(written);
      for (const { waiters } of sent) this.release(waiters);
      if (refusal) this.refuseGathered(refusal);
      if (this.underWay.size === 0) this.send();
    });
    this.underWay.add(written);
  }

  private async askToRecord(groups: readonly GatheredReport[][]): Promise<WriteResults['record']> {
    const request: WriteRequest = {
      kind: 'record',
      reports: groups.reduce((sum, { length }) => sum + length, 0),
      keepEvents: this.keepsEvents,
      groups: packGroups(groups.map((group) => toReportGroup(group.map(({ report }) => report)))),
    };
    return this.writer.ask(WRITES, request) as Promise<WriteResults['record']>;
  }

  /** @returns why the database cannot take reports at all; null when it took these or refused only them */
  private async settle(
    answer: Promise<WriteResults['record']>,
    sent: readonly SentGroup[],
  ): Promise<UnavailableError | null> {
    try {
      const { groups: results, commit } = await answer;
      this.noteHealth(null);
      this.noteDamage(results);
      sent.forEach((group, index) => settleGroup(group, results[index] as GroupResult));
      sent.forEach((group, index) => this.tell(group, results[index] as GroupResult));
      if (commit) this.emitter.emit(REPORTS_COMMITTED, commit);
      return null;
    } catch (error) {
      this.noteHealth(error as Error);
      const refusal = toRefusal(error as Error);
      for (const { waiters } of sent) waiters.forEach(({ reject }) => reject(refusal));
      return refusal instanceof UnavailableError && isUnavailableForAll(error) ? refusal : null;
    }
  }

  private tell({ project, waiters }: SentGroup, result: GroupResult): void {
    if ('refused' in result || result.repeated.length === waiters.length) return;
    const { id, created, reopened } = result;
    this.changes.note(id, project, created ? 'created' : reopened ? 'reopened' : 'reported');
    if (!created && !reopened) return;
    const event: ErrorEvent = { errorId: id, project };
    this.emitter.emit(created ? ERROR_CREATED : ERROR_REOPENED, event);
  }

  /** What gathered behind reports that the database could not take would only wait as long in vain. */
  private refuseGathered(refusal: UnavailableError): void {
    const refused = this.gathered.splice(0).map(({ waiter }) => waiter);
    for (const { reject } of refused) reject(refusal);
    this.release(refused);
  }

  private release(waiters: readonly Waiter[]): void {
    for (const { bytes } of waiters) this.heldBytes -= bytes;
    this.heldReports -= waiters.length;
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

function toSentGroup(group: readonly GatheredReport[]): SentGroup {
  const { fingerprint, project } = (group[0] as GatheredReport).report;
  return { fingerprint, project, waiters: group.map(({ waiter }) => waiter) };
}

function settleGroup({ fingerprint, waiters }: SentGroup, result: GroupResult): void {
  waiters.forEach(({ resolve, reject }, place) => {
    if (!('refused' in result)) resolve(toRecorded(result, place, fingerprint));
    else if (result.cause === 'report') reject(new Error(`The database refused a report: ${result.refused}`));
    else reject(new UnavailableError(UNAVAILABLE, 5));
  });
}

function toRefusal(error: Error): Error {
  if (!isDatabaseUnavailable(error)) return error;
  return new UnavailableError(UNAVAILABLE, 5);
}
