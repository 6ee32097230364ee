import { Injectable } from '@nestjs/common';
import { resolve } from 'node:path';
import { version } from '../common/version';
import { AppConfig } from '../config/app-config';
import { withoutPassword } from '../config/load-config';
import { findDatabaseBytes } from '../database/database-bytes';
import { DatabaseFile } from '../database/database-file';
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
    private readonly databaseFile: DatabaseFile,
    private readonly errors: ErrorsService,
    private readonly writeQueue: WriteQueue,
  ) {}

  async get(): Promise<StatusAnswer> {
    const { baseUrl, databasePath } = this.config;
    return {
      version,
      node: process.version,
      sqlite: this.databaseFile.sqliteVersion,
      started_at: this.startedAt.toISOString(),
      uptime_seconds: Math.floor((performance.now() - this.startedMs) / 1000),
      base_url: withoutPassword(baseUrl),
      database: {
        kind: 'sqlite',
        path: resolve(withoutPassword(databasePath)),
        bytes: await findDatabaseBytes(databasePath),
      },
      errors: await this.errors.getTotals(),
      waiting_reports: this.writeQueue.waitingReports,
      settings: describeSettings(this.config),
    };
  }
}
