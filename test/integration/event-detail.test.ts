import { report } from '../support/dashboard-page';
import { storeEvents } from '../support/event-occurrences';
import { breadcrumbs, CHAINED, pythonEvent } from '../support/sample-events';
import { startTestServer, type TestServer } from '../support/test-server';

const aReport = pythonEvent(1).report;

interface Tag {
  name: string;
  values: string[];
  more: boolean;
}

describe('the detail of an error whose reports came as events', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  const get = async (id: number) => (await server.call(`/api/errors/${id}`)).body;

  it('says what each occurrence brought, and which values the tags of all of them had', async () => {
    const crumbs = breadcrumbs(3, Date.now());
    const id = await storeEvents(server, [
      pythonEvent(1, { environment: 'staging', level: 'warning', context: { breadcrumbs: crumbs } }),
      pythonEvent(2, { handled: true, context: { cut: ['local variables'] } }),
    ]);
    const { error, occurrences } = await get(id);
    expect(error).toMatchObject({ level: 'warning', platform: 'python' });
    expect(error.tags).toEqual([
      { name: 'environment', values: ['production', 'staging'], more: false },
      { name: 'release', values: ['billing@2026.11.3'], more: false },
      { name: 'level', values: ['error', 'warning'], more: false },
      { name: 'user', values: ['customer-1', 'customer-2'], more: false },
      { name: 'region', values: ['eu-central'], more: false },
      { name: 'tenant', values: ['acme'], more: false },
      { name: 'worker', values: ['web-1', 'web-2'], more: false },
    ]);
    expect(occurrences).toMatchObject([
      { level: 'error', environment: 'production', handled: true, cut: ['local variables'] },
      {
        level: 'warning',
        environment: 'staging',
        handled: false,
        cut: null,
        exceptions: CHAINED,
        breadcrumbs: crumbs,
        tags: { region: 'eu-central', tenant: 'acme', worker: 'web-1' },
        sdk: { name: 'sentry.python.django' },
      },
    ]);
  });

  it('names 30 tags and 20 values of each at most, and says where there are more', async () => {
    const id = await storeEvents(server, [
      pythonEvent(3, { report: { ...aReport, exception_type: 'Many' } }),
    ]);
    const number = (index: number) => String(index).padStart(4, '0');
    const rows = Array.from({ length: 100 }, (_, name) =>
      Array.from({ length: 19 + (name % 3) }, (__, value) => ({
        error_id: id,
        name: `a${number(name)}`,
        value: number(value),
      })),
    );
    await server.database.insert('error_tags', rows.flat());
    const { tags } = (await get(id)).error as { tags: Tag[] };
    expect(tags.map(({ name }) => name)).toEqual([
      'environment',
      'release',
      'level',
      'user',
      ...Array.from({ length: 26 }, (_, name) => `a${number(name)}`),
    ]);
    expect(
      tags.slice(4, 7).map(({ values, more }) => [values.length, values[0], values.at(-1), more]),
    ).toEqual([
      [19, '0000', '0018', false],
      [20, '0000', '0019', false],
      [20, '0000', '0019', true],
    ]);
  });

  it('has no tags and nulls where reports came by the native API', async () => {
    const { id } = await report(server, { ...aReport, exception_type: 'Native' });
    const { error, occurrences } = await get(id);
    expect(error).toMatchObject({ tags: [], level: 'error', platform: null });
    expect(occurrences[0]).toMatchObject({ event_id: null, exceptions: null, breadcrumbs: null, tags: null });
  });
});
