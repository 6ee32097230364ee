import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { EventStream, formatEvent } from '../../src/common/event-stream';
import { until } from '../support/faults/until';

const DEADLINE_MS = 10_000;

let server: Server;
let client: Socket;
let response: ServerResponse;
let stream: EventStream;

/** Each test has one client, which reads nothing until it is told to. */
async function open(): Promise<void> {
  server = createServer();
  const opened = new Promise<void>((resolve) => {
    server.on('request', (_request, answer: ServerResponse) => {
      response = answer;
      stream = new EventStream(answer);
      resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await opened;
}

afterEach(async () => {
  jest.useRealTimers();
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const turn = () => new Promise(setImmediate);
const large = formatEvent('large', { text: 'x'.repeat(100_000) });

describe('A stream of events', () => {
  test('that is not read is cut off before it holds 256 KB, and sending goes on harmlessly', async () => {
    await open();
    let mostHeld = 0;
    let sent = 0;

    for (; !response.destroyed && sent < 1_000; sent++) {
      stream.send(large);
      await turn();
      mostHeld = Math.max(mostHeld, response.writableLength);
    }
    stream.send(large);
    stream.end();

    expect(response.destroyed).toBe(true);
    // What the system holds for the connection is full first.
    expect(sent).toBeGreaterThan(2);
    expect(mostHeld).toBeGreaterThan(large.length);
    expect(mostHeld).toBeLessThanOrEqual(256 * 1024);
  });

  test('that is read may be as long as it likes', async () => {
    await open();
    let received = 0;
    client.on('data', (chunk) => (received += chunk.length)).resume();

    for (let i = 0; i < 300; i++) {
      stream.send(large);
      while (response.writableLength > 0) await turn();
    }
    await until(() => received > 300 * large.length, DEADLINE_MS);

    expect(response.destroyed).toBe(false);
  });

  test('that is behind when the server stops is not waited for', async () => {
    await open();
    while (response.writableLength < large.length) {
      stream.send(large);
      await turn();
    }

    stream.end();

    expect(response.destroyed).toBe(true);
  });

  test('says every 20 seconds that it is there, until the client goes', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'Date'] });
    await open();
    let text = '';
    client.on('data', (chunk) => (text += String(chunk))).resume();

    jest.advanceTimersByTime(19_999);
    await until(() => text !== '' || response.writableLength === 0, DEADLINE_MS);
    const before = text;
    jest.advanceTimersByTime(20_001);
    await until(() => text.split(': still here\n\n').length === 3, DEADLINE_MS);
    client.destroy();
    await until(() => response.destroyed, DEADLINE_MS);

    expect(before).not.toContain(': still here');
    expect(jest.getTimerCount()).toBe(0);
  });
});
