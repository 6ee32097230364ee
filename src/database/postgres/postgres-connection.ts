import type { Client, QueryResult } from 'pg';
import type { ConnectionUse, SqlConnection, SqlValue } from '../sql-connection';
import { POSTGRES } from '../sql-dialect';
import type { LinkSettings } from './connect-to-host';
import { mayPassNextTime } from './postgres-failure';
import { PostgresLink } from './postgres-link';

/** How often a transaction is done when others are in its way. */
const MOST_ATTEMPTS = 5;
/** Beyond so many, statements are not kept prepared: people use a few of the thousands of combinations of filters. */
const MOST_PREPARED = 300;

/** Which index serves best depends on what is looked for: how frequent a text or a project is. */
const PLAN_EACH_READ = { plan_cache_mode: 'force_custom_plan' };

const SETTINGS: Record<ConnectionUse, LinkSettings> = {
  write: {
    name: 'error-tracker writer',
    // Everything takes milliseconds. What takes so long would be refused by its clients before it was refused here.
    statementTimeoutMs: 4_000,
    session: {
      // What a server has locked that was stopped in the middle of something keeps all others from storing reports.
      idle_in_transaction_session_timeout: '5000',
      // Planning the statement that stores reports takes as long as running it.
      plan_cache_mode: 'force_generic_plan',
      // A plan made while a table was nearly empty is kept when it has grown: it must not read all of it.
      enable_seqscan: 'off',
    },
  },
  'quick-read': { name: 'error-tracker reader', statementTimeoutMs: 4_000, session: PLAN_EACH_READ },
  'slow-read': { name: 'error-tracker reader', statementTimeoutMs: 30_000, session: PLAN_EACH_READ },
};

interface Prepared {
  /** undefined when it is not kept */
  name?: string;
  text: string;
}

/** A connection of a thread to PostgreSQL. */
export class PostgresConnection implements SqlConnection {
  readonly dialect = POSTGRES;
  private readonly link: PostgresLink;
  private readonly begin: string;
  private readonly listeners: (() => void)[] = [];
  private blockedBy: Error | null = null;
  private readonly statements = new Map<string, Prepared>();
  /** that of the transaction under way */
  private transactionClient: Client | null = null;

  constructor(url: string, use: ConnectionUse) {
    this.link = new PostgresLink(url, SETTINGS[use]);
    this.begin = use === 'write' ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  }

  get obstacle(): Error | null {
    return this.link.obstacle ?? this.blockedBy;
  }

  onObstacle(listener: () => void): void {
    this.link.onChange(listener);
    this.listeners.push(listener);
  }

  /** Has all that waits for this connection refused, though whoever uses it goes on; null ends it. */
  block(obstacle: Error | null): void {
    if (this.blockedBy === obstacle) return;
    this.blockedBy = obstacle;
    for (const listener of this.listeners) listener();
  }

  /**
   * Waits until a connection that was lost is there again.
   * @throws NotConnectedError when that takes longer, or the connection is closed
   */
  whenUp(patienceMs: number): Promise<void> {
    return this.link.whenUp(patienceMs);
  }

  async all<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.query(sql, parameters)).rows as Row[];
  }

  async get<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.query(sql, parameters)).rows[0] as Row | undefined;
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return (await this.query(sql, parameters)).rowCount ?? 0;
  }

  async runEach(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    await Promise.all(rows.map((parameters) => this.query(sql, parameters)));
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryTransaction(work);
      } catch (error) {
        if (!mayPassNextTime(error) || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  /** Finds out whether a connection that nobody uses is there still; if not, it is made again. */
  verify(): Promise<void> {
    return this.link.verify();
  }

  async tryLock(number: number): Promise<boolean> {
    const row = await this.get<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock(?::bigint) AS locked', [
      number,
    ]);
    return row?.locked ?? false;
  }

  /** The row is one that all replicas write. */
  async tryToWrite(lockTimeoutMs: number): Promise<void> {
    // Sent together, since the answer is awaited for less than a second: COMMIT takes back what has failed.
    const statements = [
      this.begin,
      `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
      `INSERT INTO write_probes (id, written_at) VALUES (1, timezone('UTC', now()))
       ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at`,
      'COMMIT',
    ];
    await Promise.all(statements.map((sql) => this.query(sql, [])));
  }

  /** The server keeps its memory as it sees fit. */
  enlargeCache(): void {}

  /** Autovacuum makes room for what comes. */
  returnFreedPages(): Promise<number> {
    return Promise.resolve(0);
  }

  close(): Promise<void> {
    return this.link.close();
  }

  private async tryTransaction<Result>(work: () => Promise<Result>): Promise<Result> {
    const client = await this.link.getClient();
    this.transactionClient = client;
    try {
      await this.query(this.begin, []);
      const result = await work();
      await this.query('COMMIT', []);
      return result;
    } catch (error) {
      // A connection that is gone has taken its transaction along.
      if (this.link.has(client)) {
        await this.query('ROLLBACK', []).catch((failure: unknown) => this.link.drop(client, failure));
      }
      throw error;
    } finally {
      this.transactionClient = null;
    }
  }

  private query(sql: string, parameters: readonly SqlValue[]): Promise<QueryResult> {
    const query = { ...this.prepare(sql), values: parameters as unknown[] };
    return this.link.query(query, this.transactionClient);
  }

  private prepare(sql: string): Prepared {
    const known = this.statements.get(sql);
    if (known) return known;
    const prepared: Prepared = { text: withNumbers(sql) };
    if (this.statements.size >= MOST_PREPARED) return prepared;
    prepared.name = `s${this.statements.size}`;
    this.statements.set(sql, prepared);
    return prepared;
  }
}

/** `a = ? AND b = ?` → `a = $1 AND b = $2`; no statement has a question mark for anything else. */
function withNumbers(sql: string): string {
  let number = 0;
  return sql.replace(/\?/g, () => `$${++number}`);
}
