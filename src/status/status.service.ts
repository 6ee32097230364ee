import { Injectable } from '@nestjs/common';
import { version } from '../common/version';
import { AppConfig } from '../config/app-config';
import { withoutPassword } from '../config/load-config';
import { DatabaseSize } from '../database/database-size';
import { PreparedDatabase } from '../database/prepared-database';
import { ErrorsService } from '../errors/errors.service';
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
    private readonly database: PreparedDatabase,
    private readonly databaseSize: DatabaseSize,
    private readonly errors: ErrorsService,
    private readonly writeQueue: WriteQueue,
  ) {}

  async get(): Promise<StatusAnswer> {
    const { location, shown, version: databaseVersion } = this.database;
    const isSqlite = location.kind === 'sqlite';
    return {
      version,
      node: process.version,
      sqlite: isSqlite ? databaseVersion : null,
      started_at: this.startedAt.toISOString(),
      uptime_seconds: Math.floor((performance.now() - this.startedMs) / 1000),
      base_url: withoutPassword(this.config.baseUrl),
      database: {
        kind: location.kind,
        version: databaseVersion,
        path: isSqlite ? withoutPassword(shown) : null,
        address: isSqlite ? null : shown,
        bytes: await this.databaseSize.find(),
      },
      errors: await this.errors.getTotals(),
      waiting_reports: this.writeQueue.waitingReports,
      settings: describeSettings(this.config),
    };
  }
}
