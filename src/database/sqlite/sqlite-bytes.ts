import { stat } from 'node:fs/promises';

/** What the database takes on the disk: its file and its write-ahead log. */
export async function findSqliteBytes(path: string): Promise<number> {
  return (await sizeOf(path)) + (await sizeOf(`${path}-wal`));
}

/** 0 when there is no such file: the log comes with the first write. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
