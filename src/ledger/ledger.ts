import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../common/unavailable';
import { withinTime } from '../common/within-time';
import { DatabaseWriter } from '../database/database-writer';
import { GatheredNotes } from './gathered-notes';
import type { LedgerNote } from './ledger-note';
import type { LedgerWrite, LedgerWritten } from './ledger-writes';

/** What is noted within this time is written together. */
const GATHER_MS = 1_000;
/** A database that could not be written is left alone for so long. */
const RETRY_MS = 10_000;
/** How long a stop waits for the last notes. */
const LAST_WAIT_MS = 500;
const BUSY_MS = 20;

/**
 * Keeps account of what was refused, cut, left out or lost, for those who wonder why nothing arrives.
 *
 * States: *quiet*; *gathering* from the first note on; *writing*, while more may gather. Guarantees: a note costs no
 * look into the database and nobody waits for it; what waits is bounded; one write at a time is under way. It is no
 * ledger of money: a note may be lost with the process, and counts twice when the answer to its write was lost.
 */
@Injectable()
export class Ledger implements OnApplicationShutdown {
  private readonly logger = new Logger('Ledger');
  private readonly gathered = new GatheredNotes();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly writer: DatabaseWriter) {}

  /** Never throws, never waits: it is written a second later, together with others. */
  note(note: LedgerNote): void {
    this.gathered.add(note, Date.now());
    this.schedule(GATHER_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    await withinTime(LAST_WAIT_MS, this.writeRest()).catch(() => undefined);
  }

  private async writeRest(): Promise<void> {
    await this.writing;
    while ((await this.write()) === 'busy') await delay(BUSY_MS);
  }

  private schedule(afterMs: number): void {
    if (this.isClosed || this.writing) return;
    this.timer ??= setTimeout(() => this.writeInTime(), afterMs).unref();
  }

  private writeInTime(): void {
    this.timer = null;
    this.writing = this.write().then((outcome) => {
      this.writing = null;
      if (!this.gathered.isEmpty) this.schedule(outcome === 'unavailable' ? RETRY_MS : GATHER_MS);
    });
  }

  /** What cannot be written now is gathered again; what never can is dropped. */
  private async write(): Promise<LedgerWritten | 'unavailable'> {
    const notes = this.gathered.take();
    if (notes.length === 0) return 'written';
    try {
      const request: LedgerWrite = { notes, now: new Date() };
      const outcome = (await this.writer.ask('ledger/ledger-writes', request)) as LedgerWritten;
      if (outcome === 'busy') this.gathered.putBack(notes);
      return outcome;
    } catch (error) {
      this.logger.debug(`The ledger was not written: ${String(error)}`);
      if (!isDatabaseUnavailable(error)) return 'written';
      this.gathered.putBack(notes);
      return 'unavailable';
    }
  }
}
