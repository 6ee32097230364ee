import type { Report } from '../../src/errors/report';
import { WriteQueue } from '../../src/errors/write-queue';
import { aParsedReport } from './reports';
import type { TestDatabase } from './test-database';
import type { TestServer } from './test-server';

const DAY_MS = 86_400_000;

export interface Age {
  resolved: boolean;
  /** days ago */
  lastSeen: number;
  /** days ago */
  resolvedAt: number | null;
}

/** Stores so many errors with a report each, 2 KB apiece. */
export async function fill(server: TestServer, errors: number): Promise<void> {
  const queue = server.app.get(WriteQueue);
  await Promise.all(Array.from({ length: errors }, (_, i) => queue.record(aStoredReport(i), 0)));
}

/** The report of the error that `fill` stores under this number. */
export function aStoredReport(number: number): Report {
  return aParsedReport({
    fingerprint: number.toString(16).padStart(32, '0'),
    message: `message ${number}`,
    traceback: 'x'.repeat(2_000),
  });
}

export async function setAge(
  database: TestDatabase,
  id: number,
  { resolved, lastSeen, resolvedAt }: Age,
): Promise<void> {
  await database.run('UPDATE errors SET resolved = ?, last_seen = ?, resolved_at = ? WHERE id = ?', [
    resolved,
    daysAgo(lastSeen),
    resolvedAt === null ? null : daysAgo(resolvedAt),
    id,
  ]);
}

/** Makes all errors old enough for every retention. */
export async function expireAll(database: TestDatabase, except = 0): Promise<void> {
  await database.run('UPDATE errors SET resolved = TRUE, last_seen = ?, resolved_at = ? WHERE id <> ?', [
    daysAgo(1_000),
    daysAgo(1_000),
    except,
  ]);
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().replace('T', ' ').replace('Z', '');
}
