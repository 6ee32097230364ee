/** How a server of Redis is reached. */
export interface RedisAddress {
  host: string;
  port: number;
  username: string;
  password: string;
  /** number of the database */
  database: number;
  tls: boolean;
}

const DEFAULT_PORT = 6379;

/**
 * Reads the address of a Redis server; a user name or password with special characters is percent-encoded.
 * @returns null when the text is none, or has a query, which clients of Redis understand differently
 * @example parseRedisUrl('redis://:s%40cret@cache/1') // { host: 'cache', port: 6379, password: 's@cret', … }
 */
export function parseRedisUrl(text: string): RedisAddress | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const database = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (!['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return null;
  if (database === undefined || url.search !== '' || url.hash !== '') return null;
  const username = decode(url.username);
  const password = decode(url.password);
  if (username === null || password === null) return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || DEFAULT_PORT),
    username,
    password,
    database: Number(database),
    tls: url.protocol === 'rediss:',
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
