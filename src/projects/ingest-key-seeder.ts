import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { isDatabaseUnavailable } from '../common/unavailable';
import { AppConfig } from '../config/app-config';
import { parseIngestKeys } from '../config/parse-ingest-keys';
import { ProjectsService } from './projects.service';

const RETRY_MS = 5_000;

/** Stores the keys of `INGEST_KEYS` at start, before anything is answered; those that are there stay as they are. */
@Injectable()
export class IngestKeySeeder implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('IngestKeys');
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly projects: ProjectsService,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.ingestKeys !== undefined) await this.seed(this.config.ingestKeys);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  /** A database that is locked for a moment must not keep the server from starting. */
  private async seed(text: string): Promise<void> {
    const parsed = parseIngestKeys(text);
    if (typeof parsed === 'string') return;
    try {
      const { created, taken, revoked } = await this.projects.seed(parsed);
      if (created > 0)
        this.logger.log(`INGEST_KEYS: stored ${created} new ${created === 1 ? 'key' : 'keys'}`);
      for (const project of taken) {
        this.logger.error(
          `INGEST_KEYS: a key for the project ${project} is not used, since it belongs to another project`,
        );
      }
      for (const project of revoked) {
        this.logger.warn(
          `INGEST_KEYS: a key for the project ${project} stays revoked: take it out of the setting`,
        );
      }
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      this.logger.warn(`INGEST_KEYS could not be stored yet: ${error.message}`);
      this.timer = setTimeout(() => void this.seed(text), RETRY_MS).unref();
    }
  }
}
