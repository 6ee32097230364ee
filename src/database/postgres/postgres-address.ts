/** Where a PostgreSQL database is: its addresses, of which one at a time takes writes. */
export interface PostgresAddress {
  /** one for each host, with all that the setting said besides */
  urls: string[];
  /** `db1:5432,db2:5432/errors`: without user and password, for people */
  shown: string;
}

/** scheme, user and password, hosts, database, options */
const WRITTEN = /^postgres(?:ql)?:\/\/(?:([^@/]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/**
 * Reads a connection string in which several hosts may stand, as libpq takes them.
 * @example parsePostgresAddress('postgres://me:secret@db1,db2:5433/errors?sslmode=verify-full')
 *   // { urls: ['postgres://me:secret@db1/errors?…', 'postgres://me:secret@db2:5433/errors?…'], shown: 'db1,db2:5433/errors' }
 * @returns null for any other text
 */
export function parsePostgresAddress(text: string): PostgresAddress | null {
  const match = WRITTEN.exec(text);
  if (!match) return null;
  const [, user, hosts = '', database, options] = match;
  const urls = hosts
    .split(',')
    .map(
      (host) =>
        `postgres://${user === undefined ? '' : `${user}@`}${host}/${database ?? ''}${options ? `?${options}` : ''}`,
    );
  if (!urls.every(isUrl)) return null;
  return { urls, shown: `${hosts || 'localhost'}/${database ?? ''}` };
}

function isUrl(text: string): boolean {
  try {
    const { hostname, search } = new URL(text);
    return hostname !== '' || search.includes('host=');
  } catch {
    return false;
  }
}
