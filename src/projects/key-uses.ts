import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { DatabaseWriter } from '../database/database-writer';
import type { ProjectWrite } from './project-writes';

/** Of one key it is written at most so often. */
const WRITE_EVERY_MS = 60_000;
/** What is used within this time is written together. */
const GATHER_MS = 1_000;

/** Writes down when keys were last used: later, and never in the way of a report. */
@Injectable()
export class KeyUses implements OnApplicationShutdown {
  private readonly logger = new Logger('IngestKeys');
  /** when a use of each key was last written, or is about to be; at most the keys that there are */
  private readonly writtenAtMs = new Map<number, number>();
  private readonly waiting = new Set<number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly writer: DatabaseWriter) {}

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  /** @param id of the key */
  note(id: number): void {
    const now = performance.now();
    if (now - (this.writtenAtMs.get(id) ?? -Infinity) < WRITE_EVERY_MS) return;
    this.writtenAtMs.set(id, now);
    this.waiting.add(id);
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  private async write(): Promise<void> {
    this.timer = null;
    const ids = [...this.waiting];
    this.waiting.clear();
    const now = new Date();
    const before = new Date(now.getTime() - WRITE_EVERY_MS);
    const request: ProjectWrite = { kind: 'note-use', ids, now, before };
    await this.writer.ask('projects/project-writes', request).catch((error: unknown) => {
      this.logger.debug(`It was not written down when keys were used: ${String(error)}`);
    });
  }
}
