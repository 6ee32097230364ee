import { Injectable, NotFoundException } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import type { LedgerRead, LedgerReadResult, StoredEntry } from './ledger-reads';

/** What stands in the ledger. */
@Injectable()
export class LedgerEntries {
  constructor(private readonly reader: DatabaseReader) {}

  /**
   * What happened within the last 30 days, newest first; what was noted within the last second may be missing.
   * @param projectId 0 for what belongs to no project, null for everything
   * @throws NotFoundException when there is no such project
   */
  async list(projectId: number | null, limit: number): Promise<StoredEntry[]> {
    const request: LedgerRead = { projectId, limit, now: new Date() };
    const entries = (await this.reader.ask('ledger/ledger-reads', request)) as LedgerReadResult;
    if (!entries) throw new NotFoundException(`There is no project ${projectId}`);
    return entries;
  }
}
