import { Client, type ClientConfig, types } from 'pg';
import { withinTime } from '../../common/within-time';

const CONNECT_TIMEOUT_MS = 3_000;

export interface LinkSettings {
  /** for `pg_stat_activity` */
  name: string;
  /** a statement that takes longer is ended by the server */
  statementTimeoutMs: number;
  /** further settings of the session */
  session?: Record<string, string>;
}

/**
 * Connects to one host.
 * @throws when it cannot be reached, or takes no writes: then another one is the primary, or will be
 */
export function connectTo(url: string, settings: LinkSettings): Promise<Client> {
  return open(makeClient(url, settings), settings);
}

/** A connection that does nothing yet. */
export function makeClient(url: string, settings: LinkSettings): Client {
  const client = new Client({ ...CLIENT, connectionString: url, application_name: settings.name });
  // A connection that breaks while it is being made tells it twice.
  client.on('error', () => undefined);
  return client;
}

/** The other half of `connectTo`. */
export async function open(client: Client, settings: LinkSettings): Promise<Client> {
  try {
    await withinTime(CONNECT_TIMEOUT_MS, beginSession(client, settings));
    return client;
  } catch (error) {
    endNow(client);
    throw error;
  }
}

/** Ends a connection without a word, whatever the server does. */
export function endNow(client: Client): void {
  (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
}

async function beginSession(client: Client, settings: LinkSettings): Promise<void> {
  await client.connect();
  const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  if (rows[0]?.transaction_read_only === 'on') throw new Error('it is a standby, which takes no writes');
  await client.query(sessionSql(settings));
}

type TypeId = (typeof types.builtins)[keyof typeof types.builtins];

const CLIENT: ClientConfig = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // Statements are sent without waiting for the answers to those before.
  pipeline: true,
  types: { getTypeParser },
};

/** What a proxy that shares connections between transactions would lose is nothing that these need. */
function sessionSql({ statementTimeoutMs, session }: LinkSettings): string {
  const all = {
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: '2000',
    idle_in_transaction_session_timeout: '30000',
    synchronous_commit: 'on',
    // Compiling a statement takes longer than any of these runs.
    jit: 'off',
    ...session,
  };
  return Object.entries(all)
    .map(([name, value]) => `SET ${name} = '${value}'`)
    .join('; ');
}

/** Whole numbers as numbers, times as SQLite has them. */
function getTypeParser(oid: TypeId): (value: string) => unknown {
  const { INT8, NUMERIC, TIMESTAMP } = types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  if (oid === TIMESTAMP) return withMilliseconds;
  return types.getTypeParser(oid, 'text') as (value: string) => unknown;
}

/** `2026-01-31 12:00:00.1` → `2026-01-31 12:00:00.100`: PostgreSQL leaves out zeros at the end. */
function withMilliseconds(text: string): string {
  const [time = '', fraction = ''] = text.split('.');
  return `${time}.${fraction.padEnd(3, '0')}`;
}
