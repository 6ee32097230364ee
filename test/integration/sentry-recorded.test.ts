import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { json } from 'node:stream/consumers';
import { makeEventProject } from '../support/events';
import { startTestServer, type TestServer } from '../support/test-server';
import { listRecordings, readExpected, readRecording, type RecordedRequest } from '../support/wire-fixtures';

/** That all recordings were made with. */
const RECORDED_KEY = '0123456789abcdef0123456789abcdef';
/** The client that sends it again sets these itself. */
const OWN_HEADERS = ['host', 'content-length', 'transfer-encoding', 'connection'];

describe('A recorded request of a Sentry client', () => {
  let server: TestServer;
  let projectId: number;
  beforeAll(async () => {
    server = await startTestServer({ INGEST_KEYS: `web:${RECORDED_KEY}` });
    ({ projectId } = await makeEventProject(server, 'web'));
  });
  afterAll(() => server.close());

  const replay = async ({ method, url, headers, body, bodyEncoding }: RecordedRequest) => {
    const sent = headers.filter(([name]) => !OWN_HEADERS.includes(name.toLowerCase()));
    const request = send(server.url + url.replace('/api/7/', `/api/${projectId}/`), {
      method,
      headers: sent.flat(),
    }).end(Buffer.from(body, bodyEncoding));
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: method === 'OPTIONS' ? null : await json(answer),
    };
  };

  test.each(listRecordings())('%s is taken as expected', async (file) => {
    const recording = readRecording(file);
    const answer = await replay(recording);
    if (recording.method === 'OPTIONS') {
      expect(answer).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } });
      return;
    }
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringMatching(/^application\/json/) },
    });
    const expected = readExpected(file);
    if (!expected?.items.includes('event')) return;
    expect(answer.body).toEqual({ id: expected.eventId });
    const { rows } = await stored(expected.eventId);
    expect(rows).toEqual([
      {
        exception_type: expected.exceptionType,
        message: expected.message,
        level: expected.level,
        platform: expected.platform,
        environment: expected.environment,
        release: expected.release,
        user_id: expected.userId,
        file: expected.groupBy === 'frame' ? expected.crashFile : '',
        line: expected.groupBy === 'frame' ? expected.crashLine : null,
      },
    ]);
    // The same request again changes nothing.
    const { count } = await stored(expected.eventId);
    expect((await replay(recording)).body).toEqual({ id: expected.eventId });
    expect((await stored(expected.eventId)).count).toBe(count);
  });

  const stored = async (eventId: string) => {
    const rows = await server.database.all<Record<string, unknown>>(
      `SELECT errors.exception_type, coalesce(occurrence.message, errors.message) AS message, occurrence.level,
         occurrence.platform, occurrence.environment, occurrence.release, occurrence.user_id, errors.file, errors.line
       FROM error_occurrences AS occurrence JOIN errors ON errors.id = occurrence.error_id
       WHERE occurrence.event_id = '${eventId}'`,
    );
    const [counted] = await server.database.all<{ n: number }>('SELECT sum(count) AS n FROM errors');
    return { rows, count: Number(counted?.n) };
  };
});
