import { randomBytes } from 'node:crypto';

/** 32 lower-case hexadecimal digits. Not the shape of a UUID: some clients refuse an address whose key has a dash. */
const INGEST_KEY = /^[0-9a-f]{32}$/;

/** How many keys can be in force, in all: each server has all of them in memory. */
export const MOST_KEYS = 10_000;
export const MOST_KEYS_OF_PROJECT = 100;
/** Of the revoked keys of a project so many are shown. */
export const SHOWN_REVOKED_KEYS = 20;

/** A key as it is stored; times as `toSqlTime` writes them. */
export interface StoredKey {
  id: number;
  key: string;
  project_id: number;
  name: string;
  rate_limit_per_minute: number;
  created_at: string;
  revoked_at: string | null;
  last_used_at: string | null;
}

export function makeIngestKey(): string {
  return randomBytes(16).toString('hex');
}

export function isIngestKey(text: string): boolean {
  return INGEST_KEY.test(text);
}
