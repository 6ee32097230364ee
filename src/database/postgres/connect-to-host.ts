import { Client, type ClientConfig, types } from 'pg';

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
export async function connectTo(url: string, settings: LinkSettings): Promise<Client> {
  const client = new Client({ ...CLIENT, connectionString: url, application_name: settings.name });
  // A connection that breaks while it is being made tells it twice.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
    if (rows[0]?.transaction_read_only === 'on') throw new Error('it is a standby, which takes no writes');
    await client.query(sessionSql(settings));
    return client;
  } catch (error) {
    streamOf(client).destroy();
    throw error;
  }
}

type TypeId = (typeof types.builtins)[keyof typeof types.builtins];

const CLIENT: ClientConfig = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
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

/** What there is to end a connection without a word. */
export function streamOf(client: Client): { destroy: () => void } {
  return (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream;
}
