import { connect, type Socket } from 'node:net';
import { anEnvelope, anEvent, makeEventProject, sendEvent } from '../support/events';
import { send } from '../support/ingest-keys';
import { aReport } from '../support/reports';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

const BODY = Buffer.from(JSON.stringify(aReport({ message: 'm'.repeat(240_000) })));

describe('bodies that arrive slowly', () => {
  let server: TestServer;
  const sockets: Socket[] = [];
  beforeAll(async () => (server = await startTestServer()));
  afterAll(async () => {
    sockets.forEach((socket) => socket.destroy());
    await server.close();
  });

  it('are refused with 503 when they would hold too much, and reports are taken again when they are gone', async () => {
    // 300 bodies of 240 KB without their last byte: 72 MB, more than may arrive at once.
    const uploads = Array.from({ length: 300 }, () => startUpload(server));
    sockets.push(...uploads.map(({ socket }) => socket));
    const refused = await Promise.race(uploads.map(({ answered }) => answered));
    expect(refused).toMatch(
      /^HTTP\/1.1 503 .*Retry-After: 1\r\n.*Too many large bodies are arriving at once/s,
    );
    expect((await server.call('/health')).status).toBe(200);

    sockets.forEach((socket) => socket.destroy());
    let status = 503;
    for (let i = 0; i < 200 && status === 503; i++) {
      status = (await server.call('/api/errors', { json: aReport() })).status;
    }
    expect(status).toBe(201);
    expect((await server.call('/api/errors')).body.total).toBe(1);
  });

  it('of events without a key take no room from those with one', async () => {
    const project = await makeEventProject(server, 'shop');
    const tunnel = `/api/${project.projectId}/envelope/`;
    const event = anEvent({ extra: { text: 'x'.repeat(9_000) } });
    const envelope = anEnvelope({ dsn: project.dsn }, ['event', event]);
    const postTunnel = () => send(server, tunnel, { body: envelope });
    // 300 header lines of 15 KB that do not end: more than all of them may hold.
    const head = `POST ${tunnel} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{"a":"${'x'.repeat(15_000)}`;
    const strangers = Array.from({ length: 300 }, () => open(server, head));
    sockets.push(...strangers);
    let refused = await postTunnel();
    for (let i = 0; i < 200 && refused.status === 200; i++) refused = await postTunnel();
    expect(refused).toMatchObject({
      status: 503,
      body: { detail: expect.stringMatching(/^Too many large/) },
    });
    expect((await sendEvent(server, project, event)).status).toBe(200);
    const native = aReport({ project: 'other', message: 'm'.repeat(9_000) });
    expect((await server.call('/api/errors', { json: native })).status).toBe(201);

    strangers.forEach((socket) => socket.destroy());
    for (let i = 0; i < 200 && refused.status === 503; i++) refused = await postTunnel();
    expect(refused.status).toBe(200);
  });
});

function open({ url }: TestServer, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}

function startUpload(server: TestServer): { socket: Socket; answered: Promise<string> } {
  const socket = open(
    server,
    `POST /api/errors HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${BODY.length}\r\n\r\n`,
  );
  socket.write(BODY.subarray(0, -1));
  return { socket, answered: new Promise((resolve) => socket.once('data', (data) => resolve(String(data)))) };
}
