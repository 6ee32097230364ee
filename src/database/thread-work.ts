import { join } from 'node:path';
import type { SqlConnection } from './sql-connection';

/** How a file of a module answers requests in a thread. */
export interface ThreadWork {
  /** How many of the first of these are answered together: one at a time without it. */
  countTogether?(requests: readonly unknown[]): number;
  /**
   * Gives one result for each request, in their order.
   * @throws what all of them are answered with
   */
  answer(requests: readonly unknown[]): Promise<unknown[]>;
}

/** What such a file exports: it makes the work from the thread's connection. */
export type Preparation = 'prepareWrites' | 'prepareReads';

/**
 * Loads files of modules when they are asked for the first time.
 * @returns the work of a file, which is named below `src/` and without ending: `errors/error-writes`
 */
export function threadWorks(
  connection: SqlConnection,
  preparation: Preparation,
): (file: string) => ThreadWork {
  const works = new Map<string, ThreadWork>();
  return (file) => {
    const known = works.get(file);
    if (known) return known;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the modules stand above this one
    const loaded = require(join(__dirname, '..', `${file}.js`)) as Record<
      Preparation,
      (connection: SqlConnection) => ThreadWork
    >;
    const work = loaded[preparation](connection);
    works.set(file, work);
    return work;
  };
}
