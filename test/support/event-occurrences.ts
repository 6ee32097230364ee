import type { OccurrenceContext } from '../../src/errors/occurrence-context';
import { report, type SentReport } from './dashboard-page';
import type { TestServer } from './test-server';

/** An event as it is stored: a report of the native API with what only events have. */
export interface StoredEvent {
  report: SentReport;
  eventId: string;
  environment?: string;
  release?: string;
  level?: string;
  platform?: string;
  handled?: boolean;
  context?: OccurrenceContext;
}

/**
 * Reports events, the oldest first, and stores beside each what the native API does not take.
 * @returns the id of their error
 */
export async function storeEvents(
  server: Pick<TestServer, 'call' | 'database'>,
  events: readonly StoredEvent[],
): Promise<number> {
  let id = 0;
  for (const [index, event] of events.entries()) {
    const answer = await report(server, event.report);
    // A known error is answered without its id.
    if (index === 0) id = answer.id;
    await server.database.run(
      `UPDATE error_occurrences SET event_id = ?, environment = ?, release = ?, level = ?, platform = ?, handled = ?,
         context = ?
       WHERE id = (SELECT max(id) FROM error_occurrences WHERE error_id = ?)`,
      [
        event.eventId,
        event.environment ?? null,
        event.release ?? null,
        event.level ?? 'error',
        event.platform ?? null,
        event.handled ?? null,
        JSON.stringify(event.context ?? {}),
        id,
      ],
    );
    if (index === 0) {
      await server.database.run('UPDATE errors SET level = ?, platform = ? WHERE id = ?', [
        event.level ?? 'error',
        event.platform ?? null,
        id,
      ]);
    }
    for (const [name, value] of tagsOf(event)) await storeTag(server, id, name, value);
  }
  return id;
}

export async function storeTag(
  { database }: Pick<TestServer, 'database'>,
  errorId: number,
  name: string,
  value: string,
): Promise<void> {
  await database.run(
    'INSERT INTO error_tags (error_id, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    [errorId, name, value],
  );
}

function tagsOf({ report: sent, environment, release, level = 'error', context }: StoredEvent) {
  const tags = { environment, release, level, user: sent.user_id as string | undefined, ...context?.tags };
  return Object.entries(tags).filter((pair): pair is [string, string] => pair[1] !== undefined);
}
