import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { hash } from 'node:crypto';
import { DatabaseReader } from '../database/database-reader';
import { Replicas } from '../database/replicas';
import { AllowedOrigins } from './allowed-origins';
import { isIngestKey } from './ingest-key';
import type { KeysInForce, ProjectRead, ProjectReadResults } from './project-reads';

/** A key that may report, and for what. */
export interface IngestKey {
  id: number;
  projectId: number;
  /** name of the project */
  project: string;
  origins: AllowedOrigins;
  /** requests a minute; 0 is no limit */
  ratePerMinute: number;
}

const TOPIC = 'ingest_keys';
/** After this the keys are read anew, while those that are there go on being used. */
const FRESH_MS = 10_000;
/** After this nothing goes by them until they have been read anew. */
const LONGEST_AGE_MS = 30_000;
/** A key that is not among them may be new: they are read anew for it, but not more often than that. */
const UNKNOWN_KEY_AGE_MS = 1_000;

/**
 * The keys that are in force: all of them in memory, so that no report waits for the database.
 *
 * They are read by the first request that needs them, and again when a change is told here or by another replica, when
 * an unknown key comes, and every ten seconds while keys are used: what another process did to the file of SQLite is
 * told by nobody.
 */
@Injectable()
export class IngestKeys implements OnModuleInit {
  private readonly logger = new Logger('IngestKeys');
  /** By digest: how long a look-up takes tells nothing about how much of a guess was right. */
  private keys: ReadonlyMap<string, IngestKey> = new Map();
  /** of all projects, also of those without a key */
  private projectIds: ReadonlySet<number> = new Set();
  /** origins from which any key may be used */
  private allOrigins = new AllowedOrigins([]);
  private state: string | null = null;
  private readAtMs = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly reader: DatabaseReader,
    private readonly replicas: Replicas,
  ) {}

  onModuleInit(): void {
    const readAgain = () => void this.readAfterChange().catch((error: unknown) => this.tellFailure(error));
    this.replicas.hear(TOPIC, { onMessage: readAgain, onMissed: readAgain });
  }

  /**
   * Finds a key that is in force.
   * @throws what reading the database throws, when the keys that are known are too old to go by
   */
  async find(text: string): Promise<IngestKey | null> {
    await this.requireFresh();
    if (!isIngestKey(text)) return null;
    const digest = digestOf(text);
    const known = this.keys.get(digest);
    if (known || this.ageMs < UNKNOWN_KEY_AGE_MS) return known ?? null;
    await this.read();
    return this.keys.get(digest) ?? null;
  }

  /** The same as far as it is known without a look into the database. */
  known(text: string): IngestKey | null {
    return isIngestKey(text) ? (this.keys.get(digestOf(text)) ?? null) : null;
  }

  /** Whether there is such a project, as far as that is known without a look into the database. */
  knowsProject(id: number): boolean {
    return this.projectIds.has(id);
  }

  /**
   * For requests that do not say which key they will use.
   * @returns value of `Access-Control-Allow-Origin` when some project allows the origin, else null
   */
  async findOriginHeader(origin: string): Promise<string | null> {
    await this.requireFresh();
    return this.allOrigins.headerFor(origin);
  }

  /** The same, without a look into the database. */
  knownOriginHeader(origin: string): string | null {
    return this.allOrigins.headerFor(origin);
  }

  /** To be called after keys or origins have been changed here; when it returns, reports go by the change. */
  async changed(): Promise<void> {
    this.replicas.tell(TOPIC, 'changed');
    await this.readAfterChange().catch((error: unknown) => this.tellFailure(error));
  }

  private get ageMs(): number {
    return performance.now() - this.readAtMs;
  }

  private async requireFresh(): Promise<void> {
    const { ageMs } = this;
    if (ageMs > LONGEST_AGE_MS) await this.read();
    else if (ageMs > FRESH_MS) this.read().catch((error: unknown) => this.tellFailure(error));
  }

  /** What is being read already may be from before the change. */
  private async readAfterChange(): Promise<void> {
    if (this.readAtMs === -Infinity && !this.reading) return;
    await this.reading?.catch(() => undefined);
    // If reading fails, nobody goes by what is known any more.
    this.readAtMs = Math.min(this.readAtMs, performance.now() - LONGEST_AGE_MS - 1);
    await this.read();
  }

  /** Once for all who ask meanwhile. */
  private read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const startedAtMs = performance.now();
    const request: ProjectRead = { kind: 'keys-in-force', known: this.state };
    const answer = (await this.reader.ask(
      'projects/project-reads',
      request,
    )) as ProjectReadResults['keys-in-force'];
    this.readAtMs = startedAtMs;
    if (answer) this.use(answer);
  }

  private use({ state, keys, projectIds }: KeysInForce): void {
    const origins = new Map<string, AllowedOrigins>();
    const all = new Set<string>();
    for (const { allowed_origins: text } of keys) {
      if (origins.has(text)) continue;
      const list = JSON.parse(text) as string[];
      origins.set(text, new AllowedOrigins(list));
      for (const origin of list) all.add(origin);
    }
    this.keys = new Map(
      keys.map((stored) => [
        digestOf(stored.key),
        {
          id: stored.id,
          projectId: stored.project_id,
          project: stored.project,
          origins: origins.get(stored.allowed_origins) ?? new AllowedOrigins([]),
          ratePerMinute: stored.rate_limit_per_minute,
        },
      ]),
    );
    this.allOrigins = new AllowedOrigins(all);
    this.projectIds = new Set(projectIds);
    this.state = state;
  }

  private tellFailure(error: unknown): void {
    this.logger.debug(`The ingest keys could not be read: ${String(error)}`);
  }
}

function digestOf(key: string): string {
  return hash('sha256', key, 'base64');
}
