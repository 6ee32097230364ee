import { WriteQueue } from '../../src/errors/write-queue';
import { aParsedReport, aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Counts {
  interval: string;
  since: string;
  until: string;
  counts: number[];
}

describe('GET /api/errors/{id}/counts', () => {
  let server: TestServer;
  let fingerprints = 0;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  /** An error of its own that was reported at these times; gives its id. */
  const reportAt = async (...times: (string | number)[]): Promise<number> => {
    const fingerprint = (++fingerprints).toString(16).padStart(32, '0');
    const queue = server.app.get(WriteQueue);
    let id = 0;
    for (const time of times) {
      ({ id } = await queue.record(aParsedReport({ fingerprint, receivedAt: new Date(time) }), 0));
    }
    return id;
  };
  const counts = async (id: number, query: Record<string, string> = {}): Promise<Counts> => {
    const answer = await server.call(`/api/errors/${id}/counts?${new URLSearchParams(query).toString()}`);
    expect(answer.status).toBe(200);
    return answer.body as Counts;
  };

  it('gives the last 24 hours by default, the current one last', async () => {
    const now = Date.now();
    const times = [0, 0, 1, 22, 30].map((hours) => now - hours * HOUR_MS);
    const { interval, since, until, counts: given } = await counts(await reportAt(...times));
    expect(interval).toBe('hour');
    const end = Date.parse(until);
    expect(end % HOUR_MS).toBe(0);
    expect(end).toBeGreaterThan(now);
    expect(end - Date.now()).toBeLessThanOrEqual(HOUR_MS);
    expect(Date.parse(since)).toBe(end - DAY_MS);
    expect(given).toEqual(naiveCounts(times, Date.parse(since), HOUR_MS, 24));
    expect(given.reduce((sum, n) => sum + n)).toBe(4);
  });

  it('gives the last 14 days of UTC by the day, today last', async () => {
    const now = Date.now();
    const times = [0, 1, 13, 14, 15].map((days) => now - days * DAY_MS);
    const {
      interval,
      since,
      until,
      counts: given,
    } = await counts(await reportAt(...times), {
      interval: 'day',
    });
    expect(interval).toBe('day');
    const end = Date.parse(until);
    expect(end % DAY_MS).toBe(0);
    expect(end).toBeGreaterThan(now);
    expect(end - Date.now()).toBeLessThanOrEqual(DAY_MS);
    expect(Date.parse(since)).toBe(end - 14 * DAY_MS);
    expect(given).toEqual(naiveCounts(times, Date.parse(since), DAY_MS, 14));
    expect(given.reduce((sum, n) => sum + n)).toBe(3);
  });

  it('keeps hours and days apart around midnight and the ends of months', async () => {
    const id = await reportAt(
      '2024-02-28T23:59:59.999Z',
      '2024-02-29T00:00:00.000Z',
      '2024-02-29T23:59:59.999Z',
      '2024-03-01T00:00:00.000Z',
      '2024-03-01T00:00:00.001Z',
    );
    expect(await counts(id, { since: '2024-02-28T23:00:00Z', until: '2024-02-29T02:00:00Z' })).toMatchObject({
      counts: [1, 1, 0],
    });
    expect(
      await counts(id, { interval: 'day', since: '2024-02-28T00:00:00Z', until: '2024-03-02T00:00:00Z' }),
    ).toEqual({
      interval: 'day',
      since: '2024-02-28T00:00:00.000Z',
      until: '2024-03-02T00:00:00.000Z',
      counts: [1, 2, 2],
    });
  });

  it('widens a range to whole intervals, and leaves one that is whole as it is', async () => {
    const id = await reportAt('2026-01-01T10:00:00Z', '2026-01-01T11:59:59.999Z', '2026-01-01T12:00:00Z');
    expect(await counts(id, { since: '2026-01-01T10:30:00Z', until: '2026-01-01T11:00:00.001Z' })).toEqual({
      interval: 'hour',
      since: '2026-01-01T10:00:00.000Z',
      until: '2026-01-01T12:00:00.000Z',
      counts: [1, 1],
    });
    expect(await counts(id, { since: '2026-01-01T11:00:00Z', until: '2026-01-01T12:00:00Z' })).toMatchObject({
      counts: [1],
    });
    expect(
      await counts(id, {
        interval: 'day',
        since: '2026-01-02T01:00:00+02:00',
        until: '2026-01-01T23:30:00Z',
      }),
    ).toMatchObject({
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
      counts: [3],
    });
  });

  it('takes one end alone', async () => {
    const id = await reportAt('2026-01-01T10:00:00Z');
    expect(await counts(id, { until: '2026-01-01T10:30:00Z' })).toMatchObject({
      since: '2025-12-31T11:00:00.000Z',
      until: '2026-01-01T11:00:00.000Z',
      counts: [...Array<number>(23).fill(0), 1],
    });
    const since = new Date(Date.now() - 50 * HOUR_MS).toISOString();
    expect((await counts(id, { since })).counts).toHaveLength(51);
  });

  it('leaves out what other errors counted', async () => {
    const time = '2026-02-01T10:00:00Z';
    const [one] = [await reportAt(time), await reportAt(time, time)];
    expect(await counts(one, { since: time, until: '2026-02-01T11:00:00Z' })).toMatchObject({ counts: [1] });
  });

  it('gives up to 2,400 intervals', async () => {
    const id = await reportAt('2026-01-01T00:00:00Z', '2026-04-10T23:00:00Z');
    const { counts: given } = await counts(id, {
      since: '2026-01-01T00:00:00Z',
      until: '2026-04-11T00:00:00Z',
    });
    expect(given).toHaveLength(2_400);
    expect([given[0], given.at(-1)]).toEqual([1, 1]);
    expect(given.reduce((sum, n) => sum + n)).toBe(2);
  });

  const anHour = { since: '2026-01-01T10:00:00Z', until: '2026-01-01T11:00:00Z' };
  it.each([
    [{ interval: 'week' }, 'interval must be one of hour, day'],
    [{ interval: '' }, 'interval must be one of hour, day'],
    [{ since: '' }, 'since must be a time with Z or an offset, such as 2026-11-23T17:00:00Z'],
    [{ since: '2026-01-01' }, 'since must be a time with Z or an offset, such as 2026-11-23T17:00:00Z'],
    [
      { until: '2026-01-01T10:00:00' },
      'until must be a time with Z or an offset, such as 2026-11-23T17:00:00Z',
    ],
    [
      { until: "'; DROP TABLE errors" },
      'until must be a time with Z or an offset, such as 2026-11-23T17:00:00Z',
    ],
    [
      { since: anHour.until, until: anHour.since },
      'since must be before until, which is the end of the current hour unless given',
    ],
    [
      { since: anHour.since, until: anHour.since },
      'since must be before until, which is the end of the current hour unless given',
    ],
    [
      // Widened, this would be one day.
      { interval: 'day', since: anHour.until, until: anHour.since },
      'since must be before until, which is the end of the current day unless given',
    ],
    [
      { since: '9000-01-01T00:00:00Z' },
      'since must be before until, which is the end of the current hour unless given',
    ],
    [{ until: '1970-01-01T23:00:00Z' }, 'since and until must be in the years 1970 to 9999'],
    [{ since: '0001-01-01T00:00:00Z' }, 'since and until must be in the years 1970 to 9999'],
    [{ until: '9999-12-31T23:59:59.999Z' }, 'since and until must be in the years 1970 to 9999'],
    [
      { since: '2026-01-01T00:00:00Z', until: '2026-04-11T00:00:01Z' },
      'At most 2400 hours are counted at once: choose a shorter range',
    ],
    [
      { interval: 'day', since: '1971-01-01T00:00:00Z' },
      'At most 2400 days are counted at once: choose a shorter range',
    ],
  ])('refuses %j', async (query, detail) => {
    const id = await reportAt(anHour.since);
    const answer = await server.call(`/api/errors/${id}/counts?${new URLSearchParams(query).toString()}`);
    expect(answer).toMatchObject({ status: 400, body: { detail } });
  });

  it.each(['interval=hour&interval=day', `since=${anHour.since}&since=${anHour.since}`])(
    'refuses a parameter that is given twice: %s',
    async (query) => {
      const answer = await server.call(`/api/errors/${await reportAt(anHour.since)}/counts?${query}`);
      expect(answer).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/^(interval|since) must/) },
      });
    },
  );

  it('answers 404 for an error that does not exist and 400 for an id that is none', async () => {
    for (const id of ['999999', '0', '9007199254740993']) {
      expect(await server.call(`/api/errors/${id}/counts`)).toMatchObject({
        status: 404,
        body: { detail: `There is no error ${id}` },
      });
    }
    for (const id of ['x', '-1', '1.5', '0x1', '%00']) {
      expect(await server.call(`/api/errors/${id}/counts`)).toMatchObject({
        status: 400,
        body: { detail: 'id must be a whole number' },
      });
    }
  });

  it('counts reports as they come in', async () => {
    const { body } = await server.call('/api/errors', { json: aReport() });
    for (let i = 0; i < 3; i++) await server.call('/api/errors', { json: aReport() });
    // The last two, should an hour have begun meanwhile.
    const given = (await counts((body as { id: number }).id)).counts.slice(-2);
    expect(given.reduce((sum, n) => sum + n)).toBe(4);
  });
});

function naiveCounts(times: number[], since: number, intervalMs: number, length: number): number[] {
  return Array.from({ length }, (_, index) => {
    const start = since + index * intervalMs;
    return times.filter((time) => time >= start && time < start + intervalMs).length;
  });
}
