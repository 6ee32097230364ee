import type { SqlConnection } from '../database/sql-connection';
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
export function prepareReads(connection: SqlConnection): ThreadWork {
  const listNames = async (): Promise<ProjectReadResults['names']> => {
    const rows = await connection.all<{ name: string }>('SELECT name FROM projects ORDER BY name');
    return rows.map(({ name }) => name);
  };
  return { answer: (requests) => Promise.all(requests.map(listNames)) };
}
