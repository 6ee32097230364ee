import { killUnderLoad } from '../../support/faults/kill-under-load';
import { endSpawned } from '../../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../../support/temporary-database';

let database: TemporaryDatabase;

beforeAll(async () => {
  database = await temporaryDatabase();
});
afterEach(endSpawned);
afterAll(() => database.remove());

describe('A server that is killed with SIGKILL while reports come in', () => {
  test('twenty times on one database has every acknowledged report, none twice, and a whole database', async () => {
    const { acknowledged } = await killUnderLoad(database, 20);

    expect(acknowledged).toBeGreaterThan(20);
  }, 300_000);
});
