import type { SqliteConnection } from '../database/sqlite-connection';
import type { ThreadWork } from '../database/thread-work';

/** What the thread for quick reads is asked for projects. */
export interface ProjectRead {
  kind: 'names';
}

/** The answers. */
export interface ProjectReadResults {
  names: string[];
}

/** What the thread for quick reads does for projects. */
export function prepareReads(connection: SqliteConnection): ThreadWork {
  const listNames = connection.prepare<[], string>('SELECT name FROM projects ORDER BY name').pluck();
  return { answer: (requests) => requests.map(() => listNames.all()) };
}
