import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportOf, sendReport } from '../support/faults/send-report';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { temporaryDatabase } from '../support/temporary-database';

const PRELOAD = pathToFileURL(join(__dirname, '..', 'support', 'faults', 'clock.mjs')).href;

afterEach(endSpawned);

describe('A clock of one replica that is wrong', () => {
  test('does not make it forget what the writers of the others have stored', async () => {
    const database = await temporaryDatabase();
    const server = await startSpawnedServer({ env: { ...database.env } });
    const ahead = await startSpawnedServer({
      env: { ...database.env, NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK: 'days-ahead' },
    });
    for (const { port } of [server, ahead]) await sendReport(port, reportOf('same'));

    const connection = database.open();
    const lastSeen = await connection.value<string>('SELECT last_seen FROM errors');
    const writers = await connection.value<number>('SELECT count(*) FROM report_writers');
    await connection.close();
    await endSpawned();
    await database.remove();

    expect(Date.parse(`${lastSeen}Z`) - Date.now()).toBeGreaterThan(86_400_000);
    expect(writers).toBe(2);
  });
});
