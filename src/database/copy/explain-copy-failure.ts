import { codeOf } from '../postgres/postgres-failure';
import { UnusableDatabaseError } from '../unusable-database-error';

/** PostgreSQL's answers to rows that do not go with those that are there. */
const CONFLICT = /^23...$/;

/** What ended a copy, in a sentence that says what to do. */
export function explainCopyFailure(error: unknown, source: string, target: string): Error {
  if (error instanceof UnusableDatabaseError) return error;
  const { message } = error as Error;
  const code = codeOf(error);
  if (code.startsWith('SQLITE_')) {
    return new UnusableDatabaseError(
      `${source} cannot be read: ${message}. Restore a backup and copy that to another, empty database`,
    );
  }
  if (CONFLICT.test(code)) {
    return new UnusableDatabaseError(
      `a row does not go with what ${target} holds: ${message}. Has somebody else written to it? ` +
        'Drop that database, create it anew and run this command again',
    );
  }
  return new UnusableDatabaseError(
    `the copy to ${target} was interrupted: ${message}. ` +
      'Run the same command again: it goes on after the last rows that were stored',
  );
}
