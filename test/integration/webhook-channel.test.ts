import { createHmac } from 'node:crypto';
import dns from 'node:dns/promises';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { DeliveryError, type OutgoingDelivery } from '../../src/alerts/channel';
import { WebhookChannel, type WebhookSettings } from '../../src/alerts/webhook/webhook-channel';
import { version } from '../../src/common/version';
import { anErrorAlert } from '../support/webhook-alerts';
import { type Receiver, SELF_SIGNED, startReceiver, startTalker } from '../support/webhook-receiver';

const SECRET_PATH = '/hooks/s3cret-token?key=s3cret-query';

const opened: Receiver[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()));
});

async function receiver(answer: RequestListener, protocol?: string): Promise<Receiver> {
  const started = await startReceiver(answer, protocol);
  opened.push(started);
  return started;
}

async function talker(talk: (socket: Socket) => void): Promise<Receiver> {
  const started = await startTalker(talk);
  opened.push(started);
  return started;
}

/** Its port was free a moment ago. */
async function closedReceiver(): Promise<Receiver> {
  const closed = await startTalker(() => undefined);
  await closed.close();
  return closed;
}

const status =
  (code: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end(body);

const deliver = (
  recipient: string,
  delivery: Partial<OutgoingDelivery> = {},
  settings: Partial<WebhookSettings> = {},
) =>
  new WebhookChannel({
    baseUrl: 'https://errors.example.com',
    allowPrivate: true,
    timeoutMs: 5_000,
    ...settings,
  }).deliver({
    id: 311,
    createdAt: new Date(),
    recipient,
    alert: anErrorAlert(),
    handOver: () => Promise.resolve(),
    ...delivery,
  });

/** Delivers, expects a failure that names host and port and nothing secret in one line, and returns it. */
async function fail(
  recipient: string,
  settings: Partial<WebhookSettings> = {},
  delivery: Partial<OutgoingDelivery> = {},
): Promise<DeliveryError> {
  const error: unknown = await deliver(recipient, delivery, settings).then(
    (receipt) => Promise.reject(new Error(`delivered: ${receipt.response}`)),
    (failure: unknown) => failure,
  );
  if (!(error instanceof DeliveryError)) throw error;
  const { hostname, port } = new URL(recipient);
  expect(error.message).toMatch(/^[^\p{Cc}]+$/u);
  expect(error.message).toContain(`${hostname}:${port}, ${error.bytesReceived} bytes received: `);
  expect(`${error.message} ${error.hint}`).not.toMatch(/s3cret/);
  return error;
}

describe('A webhook', () => {
  it('gets our JSON with the headers that say who sends it and which delivery it is', async () => {
    const { url, requests } = await receiver(status(204));
    const receipt = await deliver(`${url}${SECRET_PATH}`);
    expect(receipt).toEqual({ response: 'HTTP 204', bytesReceived: expect.any(Number) });
    expect(receipt.bytesReceived).toBeGreaterThan(20);
    expect(requests).toHaveLength(1);
    const [{ method, path, headers, body }] = requests as [Receiver['requests'][0]];
    expect([method, path]).toEqual(['POST', SECRET_PATH]);
    expect(headers).toMatchObject({
      host: url.replace('http://', ''),
      'content-type': 'application/json',
      'content-length': String(body.length),
      'user-agent': `error-tracker/${version}`,
      'x-delivery-id': '311',
    });
    expect(headers).not.toHaveProperty('x-signature');
    expect(JSON.parse(body.toString())).toMatchObject({
      version: 1,
      event: 'error.created',
      delivery_id: 311,
      error: { id: 17, place: 'cart.py:31', url: 'https://errors.example.com/errors/17' },
    });
  });

  it('can verify the signature over the exact bytes', async () => {
    const { url, requests } = await receiver(status(200));
    const alert = anErrorAlert({ message: '€ 👩‍👩‍👧 \ud800 \r\n "quoted" \u2028' });
    await deliver(url, { alert }, { secret: 'whsec' });
    const { headers, body } = requests[0]!;
    expect(headers['x-signature']).toBe(`sha256=${createHmac('sha256', 'whsec').update(body).digest('hex')}`);
    expect(JSON.parse(body.toString()).error.message).toBe(alert.error.message);
  });

  it('of Mattermost gets its own format', async () => {
    const { url, requests } = await receiver(status(200, 'ok'));
    await deliver(`${url}/hooks/abcdefghijklmnopqrstuvwxy1`);
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({ text: expect.stringContaining('ValueError') });
  });

  it('is found by its name, too, and the name stays in the request', async () => {
    const { port, requests } = await receiver(status(200));
    await deliver(`http://localhost:${port}/`);
    expect(requests[0]?.headers.host).toBe(`localhost:${port}`);
  });

  it.each([
    ['an empty answer', '', 'HTTP 200'],
    ['a short one', ' ok\r\n\tthanks\u0000\u202e! ', 'HTTP 200: ok thanks ! '.trim()],
    ['a long one', 'é'.repeat(5_000), `HTTP 200: ${'é'.repeat(199)}…`],
    ['one that repeats the address', `got ${SECRET_PATH} s3cret-token`, 'HTTP 200: got …… …'],
  ])('may give %s', async (_kind, body, response) => {
    const { url } = await receiver(status(200, body));
    expect((await deliver(`${url}${SECRET_PATH}`)).response).toBe(response);
  });

  it('is not read to the end when it answers without end', async () => {
    const { url } = await receiver((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });
    const receipt = await deliver(url);
    expect(receipt.response).toMatch(/^HTTP 200: x{199}…$/);
    expect(receipt.bytesReceived).toBeLessThan(1_000_000);
  });

  it('has taken the alert when its status says so, though the rest of the answer trickles or breaks off', async () => {
    const trickling = await receiver((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const startedAt = Date.now();
    expect((await deliver(trickling.url, {}, { timeoutMs: 300 })).response).toMatch(/^HTTP 200: x+$/);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    const breaking = await talker((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    });
    expect((await deliver(breaking.url)).response).toBe('HTTP 200: half');
  });

  it('does not get the last byte before the hand-over is done', async () => {
    const order: string[] = [];
    let received = '';
    let onPause = (): void => undefined;
    const paused = new Promise<void>((resolve) => (onPause = resolve));
    const { url } = await talker((socket) => {
      socket.on('data', (chunk) => {
        received += chunk.toString();
        const complete = received.endsWith('}');
        order.push(complete ? 'complete' : 'part');
        if (complete) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
        else onPause();
      });
    });
    await deliver(url, {
      handOver: async () => {
        await paused;
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push('handed over');
      },
    });
    expect(order.slice(-2)).toEqual(['handed over', 'complete']);
    expect(order.slice(0, -2).every((step) => step === 'part')).toBe(true);
    const [head, body] = received.split('\r\n\r\n') as [string, string];
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  });

  it('gets nothing when the hand-over fails, and the failure comes back as it is', async () => {
    const { url, requests, connections } = await receiver(status(200));
    const failure = new Error('database is gone');
    await expect(deliver(url, { handOver: () => Promise.reject(failure) })).rejects.toBe(failure);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections()).toBe(1);
    expect(requests).toHaveLength(0);
  });

  it('is not charged for the time that the hand-over takes', async () => {
    const { url } = await receiver(status(204));
    const handOver = () => new Promise<void>((resolve) => setTimeout(resolve, 400));
    expect((await deliver(url, { handOver }, { timeoutMs: 300 })).response).toBe('HTTP 204');
  });

  it('is heard when it refuses before it has all', async () => {
    const { url } = await talker((socket) => {
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nlong');
    });
    const error = await fail(url, {}, { handOver: () => new Promise((resolve) => setTimeout(resolve, 50)) });
    expect(error.message).toMatch(/HTTP 413: long$/);
    expect(error.permanent).toBe(true);
  });
});

describe('A delivery to a webhook fails', () => {
  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [405, true],
    [410, true],
    [413, true],
    [422, true],
    [408, false],
    [425, false],
    [429, false],
    [500, false],
    [502, false],
    [503, false],
    [599, false],
  ])('when the answer is %d; for good: %s', async (code, permanent) => {
    const { url } = await receiver(status(code, `no\r\n${SECRET_PATH}`, { 'Retry-After': '30' }));
    const error = await fail(`${url}${SECRET_PATH}`);
    expect(error.message).toMatch(new RegExp(`: HTTP ${code}: no …… \\(Retry-After: 30 s\\)$`));
    expect(error.permanent).toBe(permanent);
    expect(error.bytesReceived).toBeGreaterThan(50);
  });

  it('with a hint when the webhook of a chat is gone, another path is wrong or too much was sent', async () => {
    const hintFor = async (code: number, path: string) =>
      (await fail(`${(await receiver(status(code))).url}${path}`)).hint;
    expect(await hintFor(404, '/hooks/abcdefghijklmnopqrstuvwxy1')).toMatch(/removed .* in Mattermost/);
    expect(await hintFor(404, '/x')).toMatch(/check its path/);
    expect(await hintFor(401, '/x')).toMatch(/refuses/);
    expect(await hintFor(429, '/x')).toMatch(/later/);
    expect(await hintFor(500, '/x')).toBeNull();
  });

  it.each([
    [301, 'https://user:pw@elsewhere.example.com:8443/s3cret', 'elsewhere.example.com:8443'],
    [302, '/s3cret', '127.0.0.1:PORT'],
    [307, '//elsewhere.example.com/s3cret', 'elsewhere.example.com'],
    [308, 'data:s3cret', 'no host'],
  ])('for good when it is redirected (%d to %s), and nothing is followed', async (code, location, host) => {
    const { url, port, requests } = await receiver(status(code, 's3cret', { Location: location }));
    const error = await fail(`${url}/`);
    expect(error.message).toMatch(
      `: HTTP ${code}: redirects are not followed, this one leads to ${host.replace('PORT', String(port))}`,
    );
    expect(error.permanent).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('for good when a redirect leads nowhere', async () => {
    const { url } = await receiver(status(304));
    expect((await fail(url)).message).toMatch(/HTTP 304: a redirect to nowhere$/);
  });

  it.each<[string, (socket: Socket) => void, RegExp, number | null]>([
    ['nothing is said', () => undefined, /timed out after 300 ms while waiting for an answer$/, 0],
    [
      'the connection is closed at once',
      (socket) => socket.end(),
      /closed while [a-z ]+ \(ECONNRESET\)$|EPIPE/,
      0,
    ],
    [
      'the connection is closed after the request',
      (socket) => socket.once('data', () => socket.end()),
      /closed while [a-z ]+ \(ECONNRESET\)$/,
      0,
    ],
    [
      'the connection is reset',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      /closed while [a-z ]+ \(ECONNRESET\)$/,
      0,
    ],
    ['garbage is said', (socket) => socket.end('220 mail\r\n'), /Parse Error/, 10],
    [
      'the headers trickle',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX: ');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(timer));
      },
      /timed out after 300 ms while waiting for an answer$/,
      null,
    ],
    [
      'the headers have no end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`),
      /Header overflow/i,
      null,
    ],
    [
      'the headers break off',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nX: ')),
      /closed while|Parse Error/,
      null,
    ],
    [
      'it is told to speak another protocol',
      (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      /closed while|timed out/,
      null,
    ],
  ])('for now when %s', async (_situation, talk, message, bytes) => {
    const { url } = await talker(talk);
    const startedAt = Date.now();
    const error = await fail(`${url}${SECRET_PATH}`, { timeoutMs: 300 });
    expect(error.message).toMatch(message);
    expect(error.permanent).toBe(false);
    if (bytes === null) expect(error.bytesReceived).toBeGreaterThan(0);
    else expect(error.bytesReceived).toBe(bytes);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('for now when nobody listens', async () => {
    const { url } = await closedReceiver();
    const error = await fail(url);
    expect(error.message).toMatch(/0 bytes received: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
    expect(error.permanent).toBe(false);
  });

  it('for now when nobody listens at any address of a name', async () => {
    const { port } = await closedReceiver();
    resolveTo('127.0.0.1', '::1');
    const error = await fail(`http://hooks.example.com:${port}/`);
    expect(error.message).toMatch(/0 bytes received: .*127\.0\.0\.1.*; .*::1/);
    expect(error.permanent).toBe(false);
  });

  it('for now when the name is unknown', async () => {
    // Too long for a label: no name server is asked.
    const error = await fail(`http://${'x'.repeat(64)}.invalid:8080/`);
    expect(error.message).toMatch(/0 bytes received: getaddrinfo [A-Z_]+ x+\.invalid/);
    expect(error.permanent).toBe(false);
  });

  it('for now when the name is looked up for too long, and nothing is connected to afterwards', async () => {
    const { port, connections } = await receiver(status(200));
    const late = new Promise<{ address: string; family: number }[]>((resolve) => {
      setTimeout(() => resolve([{ address: '127.0.0.1', family: 4 }]), 200);
    });
    jest.spyOn(dns, 'lookup').mockReturnValue(late as never);
    const error = await fail(`http://hooks.example.com:${port}/`, { timeoutMs: 100 });
    expect(error.message).toMatch(/0 bytes received: timed out after 100 ms while looking up the name$/);
    await late;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections()).toBe(0);
  });

  it.each([
    'ftp://example.com/s3cret',
    'not s3cret',
    'http://me:s3cret@127.0.0.1/',
    'http://127.0.0.1/#s3cret',
  ])('for good when the address is none: %s', async (recipient) => {
    const failure = deliver(recipient);
    await expect(failure).rejects.toBeInstanceOf(DeliveryError);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringMatching(/^the address of the webhook must (?!.*s3cret)/),
      permanent: true,
    });
  });
});

describe('A webhook behind TLS', () => {
  it('gets the alert when its certificate is trusted and has its name, which is asked for', async () => {
    trustOurCertificate();
    const { port, requests } = await receiver(status(200, 'ok'), 'https');
    resolveTo('127.0.0.1');
    const receipt = await deliver(`https://hooks.example.com:${port}/x`, {}, { secret: 'whsec' });
    expect(receipt.response).toBe('HTTP 200: ok');
    expect(receipt.bytesReceived).toBeGreaterThan(500);
    expect(requests[0]?.headers.host).toBe(`hooks.example.com:${port}`);
    await deliver(`https://localhost.:${port}/x`);
    expect(requests.map(({ serverName }) => serverName)).toEqual(['hooks.example.com', 'localhost']);
  });

  it('gets nothing when its certificate is trusted but for another name or address', async () => {
    trustOurCertificate();
    const { port, requests } = await receiver(status(200), 'https');
    resolveTo('127.0.0.1');
    for (const host of ['other.example.com', '127.0.0.1']) {
      const error = await fail(`https://${host}:${port}/x`);
      expect(error.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/);
      expect(error.hint).toMatch(/certificate/);
    }
    expect(requests).toHaveLength(0);
  });

  it('gets nothing when its certificate is signed by itself', async () => {
    const { port, requests } = await receiver(status(200), 'https');
    const handOver = jest.fn(() => Promise.resolve());
    const error = await fail(`https://localhost:${port}${SECRET_PATH}`, {}, { handOver });
    expect(error.message).toMatch(/self-signed certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
    expect(error.hint).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(error.permanent).toBe(false);
    expect(error.bytesReceived).toBeGreaterThan(300);
    expect(handOver).not.toHaveBeenCalled();
    expect(requests).toHaveLength(0);
  });

  it('is told apart from a port that speaks plain HTTP, and the other way round', async () => {
    const plain = await receiver(status(200));
    const spoken = await fail(`https://127.0.0.1:${plain.port}/`);
    expect(spoken.hint).toMatch(/does not speak TLS .* http:\/\//);
    expect(spoken.permanent).toBe(false);
    const secure = await receiver(status(200), 'https');
    const silent = await fail(`http://127.0.0.1:${secure.port}/`);
    expect(silent.permanent).toBe(false);
    expect(secure.requests).toHaveLength(0);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['hangs', () => undefined, /0 bytes received: timed out after 300 ms while securing the connection$/],
    ['ends', (socket) => socket.once('data', () => socket.end()), /closed while securing the connection/],
  ])('fails for now when the handshake %s', async (_situation, talk, message) => {
    const { port } = await talker(talk);
    const error = await fail(`https://127.0.0.1:${port}/`, { timeoutMs: 300 });
    expect(error.message).toMatch(message);
    expect(error.permanent).toBe(false);
    expect(error.hint).toBeNull();
  });
});

describe('Without leave for private addresses, a webhook', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    '127%2e0.0.1',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[fe80::1]',
    'localhost',
    'LOCALHOST',
    '169.254.169.254',
    '10.0.0.1',
  ])('on %s is refused for good, and nothing is connected to', async (host) => {
    const { port, connections } = await receiver(status(200));
    const error = await fail(`http://${host}:${port}${SECRET_PATH}`, {
      allowPrivate: false,
      timeoutMs: 1_000,
    });
    expect(error.message).toMatch(/, 0 bytes received: [0-9a-f.:]+ is not a public address$/);
    expect(error.permanent).toBe(true);
    expect(error.hint).toMatch(/ALERT_WEBHOOK_ALLOW_PRIVATE=true/);
    expect(connections()).toBe(0);
  });

  it('on localhost with a dot gets nothing, whatever the system makes of that name', async () => {
    const { port, connections } = await receiver(status(200));
    await fail(`http://localhost.:${port}/`, { allowPrivate: false, timeoutMs: 1_000 });
    expect(connections()).toBe(0);
  });

  it('is refused when only one of the addresses of its name is private', async () => {
    const { port, connections } = await receiver(status(200));
    resolveTo('192.0.43.8', '2606:4700:4700::1111', '127.0.0.1');
    const error = await fail(`http://hooks.example.com:${port}/`, { allowPrivate: false });
    expect(error.message).toMatch(/: 127\.0\.0\.1 is not a public address$/);
    expect(connections()).toBe(0);
  });
});

it('A name is looked up once, so that it cannot lead elsewhere after the check', async () => {
  const { port, requests } = await receiver(status(200));
  const lookups = resolveTo('127.0.0.1');
  await deliver(`http://hooks.example.com:${port}/`);
  expect(lookups).toHaveBeenCalledTimes(1);
  expect(requests[0]?.headers.host).toBe(`hooks.example.com:${port}`);
});

/** Every name has these addresses, as if a name server said so; addresses stay what they are. */
function resolveTo(...addresses: string[]): jest.SpyInstance {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return jest.spyOn(dns, 'lookup').mockResolvedValue(found as never);
}

/** As `NODE_EXTRA_CA_CERTS` does, which is read only when a process starts. */
function trustOurCertificate(): void {
  const original = tls.createSecureContext;
  jest
    .spyOn(tls, 'createSecureContext')
    .mockImplementation((options) => original({ ...options, ca: SELF_SIGNED }));
}
