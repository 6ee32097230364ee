import { WriteQueue } from '../../src/errors/write-queue';
import { aParsedReport, aReport, pythonTraceback } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const HOUR_MS = 3_600_000;
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

interface Row {
  id: number;
  message: string;
  count: number;
  counts?: number[];
  file: string | null;
  line: number | null;
}

interface List {
  errors: Row[];
  total: number;
  next_cursor: string | null;
}

describe('orders and ranges of GET /api/errors', () => {
  let server: TestServer;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as List;
  const messages = async (query: string) => (await list(query)).errors.map(({ message }) => message);

  /** An hour in which no test runs into the next one. */
  const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const hoursAgo = (hours: number) => new Date(thisHour - hours * HOUR_MS);

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  async function report(message: string, ...times: Date[]): Promise<number> {
    const fingerprint = Buffer.from(message).toString('hex').padStart(32, '0').slice(-32);
    let id = 0;
    for (const receivedAt of times) {
      const parsed = aParsedReport({ message, fingerprint, receivedAt });
      ({ id } = await server.app.get(WriteQueue).record(parsed, 0));
    }
    return id;
  }

  async function reportThree(): Promise<void> {
    await report('old', hoursAgo(50), hoursAgo(1));
    await report('frequent', hoursAgo(30), hoursAgo(29), hoursAgo(28), hoursAgo(27));
    await report('new', hoursAgo(2));
  }

  it.each([
    ['', ['old', 'new', 'frequent']],
    ['sort=last_seen', ['old', 'new', 'frequent']],
    ['sort=first_seen', ['new', 'frequent', 'old']],
    ['sort=count', ['frequent', 'old', 'new']],
  ])('?%s sorts', async (query, expected) => {
    await reportThree();
    expect(await messages(query)).toEqual(expected);
  });

  it.each([
    ['since=@2', ['old', 'new']],
    ['since=@1', ['old']],
    ['since=@0', []],
    ['until=@1', ['new', 'frequent']],
    ['until=@2', ['frequent']],
    ['since=@27&until=@1', ['new', 'frequent']],
    ['since=@27&until=@1&sort=count', ['frequent', 'new']],
    ['since=@2&sort=first_seen', ['new', 'old']],
    ['until=@1&sort=first_seen', ['new', 'frequent']],
    ['since=@2&sort=count&search=OLD', ['old']],
    ['since=@2&sort=count&search=NEW', ['new']],
  ])('?%s takes those that were seen last from since on and before until', async (query, expected) => {
    await reportThree();
    const written = query.replaceAll(/@(\d+)/g, (_, hours: string) => hoursAgo(Number(hours)).toISOString());
    const { errors, total } = await list(written);
    expect(errors.map(({ message }) => message)).toEqual(expected);
    expect(total).toBe(expected.length);
  });

  it('takes a time with an offset', async () => {
    await reportThree();
    const written = new Date(hoursAgo(2).getTime() + 2 * HOUR_MS).toISOString().replace('Z', '+02:00');
    expect(await messages(new URLSearchParams({ since: written }).toString())).toEqual(['old', 'new']);
  });

  it.each(['first_seen', 'count'])('?sort=%s pages by cursor, equal ones by their id', async (sort) => {
    const at = hoursAgo(1);
    for (const message of ['a', 'b', 'c', 'd', 'e']) await report(message, at);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: List = await list(`sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      paged.push(...page.errors.map(({ message }) => message));
      expect(page.total).toBe(5);
      cursor = page.next_cursor;
    } while (cursor);
    expect(paged).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('goes on after a cursor that was given out before there were sorts', async () => {
    await reportThree();
    const at = hoursAgo(1).toISOString().replace('T', ' ').replace('Z', '');
    expect(await messages(`cursor=${cursorOf(`${at} 1`)}`)).toEqual(['new', 'frequent']);
    expect((await list('limit=1')).next_cursor).toBe(cursorOf(`${at} 1`));
  });

  it.each([
    ['last_seen', ['frequent']],
    ['first_seen', ['frequent']],
    ['count', ['new']],
  ])('keeps to the range after a cursor of a wider list by %s', async (sort, expected) => {
    await reportThree();
    const { next_cursor } = await list(`limit=1&sort=${sort}`);
    const until = hoursAgo(sort === 'count' ? 1 : 2).toISOString();
    expect(await messages(`sort=${sort}&cursor=${next_cursor}&until=${until}`)).toEqual(expected);
  });

  describe('counts', () => {
    it('are those of the last 24 hours, oldest first', async () => {
      await report('frequent', hoursAgo(24), hoursAgo(23), hoursAgo(2), hoursAgo(2), hoursAgo(0));
      const [row] = (await list('counts=24h')).errors;
      const counts = Array<number>(24).fill(0);
      counts[0] = 1;
      counts[21] = 2;
      counts[23] = 1;
      expect(row).toMatchObject({ count: 5, counts });
    });

    it('are those of the last 14 times 24 hours', async () => {
      await report(
        'frequent',
        hoursAgo(14 * 24),
        hoursAgo(14 * 24 - 1),
        hoursAgo(24),
        hoursAgo(23),
        hoursAgo(0),
      );
      const [row] = (await list('counts=14d')).errors;
      const counts = Array<number>(14).fill(0);
      counts[0] = 1;
      counts[12] = 1;
      counts[13] = 2;
      expect(row?.counts).toEqual(counts);
    });

    it('leave out hours that are still to come, as after a clock that was set back', async () => {
      await report('from the future', hoursAgo(0), hoursAgo(-5), hoursAgo(-500));
      for (const [counts, length] of [
        ['24h', 24],
        ['14d', 14],
      ] as const) {
        const [row] = (await list(`counts=${counts}`)).errors;
        expect(row?.counts).toEqual([...Array<number>(length - 1).fill(0), 1]);
      }
    });

    it('are of the errors of the page, and only where they are asked for', async () => {
      await reportThree();
      expect((await list('')).errors.every((row) => !('counts' in row))).toBe(true);
      const { errors } = await list('counts=14d&sort=count&limit=2');
      expect(errors.map(({ message, counts }) => [message, counts?.slice(-3)])).toEqual([
        ['frequent', [0, 4, 0]],
        ['old', [1, 0, 1]],
      ]);
    });
  });

  describe('file and line', () => {
    it('tell where the error was thrown, and are null when that is not known', async () => {
      await server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('cart.py', 31) }) });
      await server.call('/api/errors', { json: aReport({ traceback: 'no stack trace' }) });
      const { errors } = await list('');
      expect(errors.map(({ file, line }) => [file, line])).toEqual([
        [null, null],
        ['cart.py', 31],
      ]);
    });

    it('are read from the traceback of an error from before they were stored', async () => {
      await server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('cart.py', 31) }) });
      await server.call('/api/errors', { json: aReport({ traceback: 'no stack trace' }) });
      await server.database.run('UPDATE errors SET file = NULL, line = NULL');
      const { errors } = await list('');
      expect(errors.map(({ file, line }) => [file, line])).toEqual([
        [null, null],
        ['cart.py', 31],
      ]);
    });
  });

  it('are described', async () => {
    const { body } = await server.call('/docs-json');
    const { parameters } = body.paths['/api/errors'].get as {
      parameters: { name: string; schema: unknown }[];
    };
    const schemas = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    expect(schemas).toMatchObject({
      sort: { enum: ['last_seen', 'first_seen', 'count'], default: 'last_seen' },
      since: { type: 'string', format: 'date-time' },
      until: { type: 'string', format: 'date-time' },
      counts: { enum: ['24h', '14d'] },
    });
    const { ListedError, ErrorList } = body.components.schemas as Record<
      string,
      { properties: object; required: string[] }
    >;
    expect(ListedError?.properties).toMatchObject({
      file: { type: 'string', nullable: true },
      line: { type: 'integer', nullable: true },
      counts: { type: 'array', items: { type: 'number' } },
    });
    expect(ListedError?.required).not.toContain('counts');
    expect(ErrorList?.properties).toMatchObject({
      errors: { items: { $ref: '#/components/schemas/ListedError' } },
    });
  });
});
