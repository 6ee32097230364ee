import { join } from 'node:path';
import { serveDatabaseThread, type ThreadWork } from './serve-database-thread';
import type { SqliteConnection } from './sqlite-connection';

/** One message to the thread: which file of a module does it, and what it is asked. */
export interface WriteTask {
  writes: string;
  request: unknown;
}

/** What a file of a module exports that writes in the thread. */
interface WritesModule {
  prepareWrites: (connection: SqliteConnection) => ThreadWork;
}

serveDatabaseThread((connection) => {
  const works = new Map<string, ThreadWork>();
  const workOf = (writes: string): ThreadWork => {
    const known = works.get(writes);
    if (known) return known;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the modules stand above this one
    const { prepareWrites } = require(join(__dirname, '..', `${writes}.js`)) as WritesModule;
    const work = prepareWrites(connection);
    works.set(writes, work);
    return work;
  };
  return {
    countTogether: (messages) => {
      const tasks = messages as WriteTask[];
      const [{ writes }] = tasks as [WriteTask];
      const others = tasks.findIndex((task) => task.writes !== writes);
      const requests = tasks.slice(0, others < 0 ? undefined : others).map(({ request }) => request);
      return workOf(writes).countTogether?.(requests) ?? 1;
    },
    answer: (messages) => {
      const tasks = messages as [WriteTask, ...WriteTask[]];
      return workOf(tasks[0].writes).answer(tasks.map(({ request }) => request));
    },
  };
});
