import { Injectable } from '@nestjs/common';
import { resolve } from 'node:path';
import { version } from '../common/version';
import { AppConfig } from '../config/app-config';
import { withoutPassword } from '../config/load-config';
import { findDatabaseBytes } from '../database/database-bytes';
import { SqliteConnection } from '../database/sqlite-connection';
import { ErrorTotals } from '../errors/error-totals';
import { WriteQueue } from '../errors/write-queue';
import { describeSettings } from './describe-settings';
import type { StatusAnswer } from './status.answers';

/** Answers "what runs here, and with which settings?". */
@Injectable()
export class StatusService {
  private readonly startedAt = new Date();
  /** The clock may be set; this one only goes on. */
  private readonly startedMs = performance.now();

  constructor(
    private readonly config: AppConfig,
    private readonly connection: SqliteConnection,
    private readonly errorTotals: ErrorTotals,
    private readonly writeQueue: WriteQueue,
  ) {}

  async get(): Promise<StatusAnswer> {
    const { baseUrl, databasePath } = this.config;
    return {
      version,
      node: process.version,
      sqlite: this.connection.prepare('SELECT sqlite_version()').pluck().get() as string,
      started_at: this.startedAt.toISOString(),
      uptime_seconds: Math.floor((performance.now() - this.startedMs) / 1000),
      base_url: withoutPassword(baseUrl),
      database: {
        kind: 'sqlite',
        path: resolve(withoutPassword(databasePath)),
        bytes: await findDatabaseBytes(databasePath),
      },
      errors: this.errorTotals.get(),
      waiting_reports: this.writeQueue.waitingReports,
      settings: describeSettings(this.config),
    };
  }
}
