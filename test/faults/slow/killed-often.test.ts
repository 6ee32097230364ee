import { join } from 'node:path';
import { killUnderLoad } from '../../support/faults/kill-under-load';
import { endSpawned } from '../../support/spawned-server';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder();

afterEach(endSpawned);
afterAll(() => folder.remove());

describe('A server that is killed with SIGKILL while reports come in', () => {
  test('twenty times on one file has every acknowledged report, none twice, and a whole file', async () => {
    const { acknowledged } = await killUnderLoad(join(folder.path, 'errors.db'), 20);

    expect(acknowledged).toBeGreaterThan(20);
  }, 300_000);
});
