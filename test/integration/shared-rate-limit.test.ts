import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { captureOutput } from '../support/captured-output';
import { makeCertificate } from '../support/certificates';
import { until } from '../support/faults/until';
import { freePort } from '../support/free-port';
import { describeWithRedis, type RedisServer, startRedisServer } from '../support/redis-server';
import { makeKey, reportWithKey } from '../support/ingest-keys';
import { aReport } from '../support/reports';
import { endSpawned, runProgram, startSpawnedServer } from '../support/spawned-server';
import { temporaryDatabase } from '../support/temporary-database';
import { temporaryFolder } from '../support/temporary-folder';
import { type Answer, API_KEY, startTestServer, type TestServer } from '../support/test-server';

/** How long a request waits for Redis at most; what waits for nothing takes a few milliseconds. */
const WAIT_MS = 250;
const LOST = /WARN {2}\[RateLimit\] Rate limits are counted per replica: Redis at 127\.0\.0\.1:\d+ .*\n/g;
const SHARED =
  /INFO {2}\[RateLimit\] Rate limits are shared by all replicas: Redis at 127\.0\.0\.1:\d+ .*\n/g;

let output: ReturnType<typeof captureOutput>;
const closing: (() => unknown)[] = [];
beforeEach(() => (output = captureOutput()));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  output.stop();
});

describeWithRedis()('the rate limit of replicas with one REDIS_URL', () => {
  it('is shared by them, and each tells how it stands', async () => {
    const redis = await startRedis();
    const [first, second] = [await startReplica(redis.url), await startReplica(redis.url)];

    const answers = [await ask(first), await report(second), await ask(first)];
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 200]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0']);

    for (const refused of [await ask(first), await report(second)]) {
      expect(refused.status).toBe(429);
      expect(refused.body).toEqual({
        detail: expect.stringMatching(/^Too many requests: at most 3 a minute/),
      });
      expect(refused.headers.get('x-ratelimit-limit')).toBe('3');
      expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(refused.headers.get('x-ratelimit-reset')).toBe(String(seconds));
    }
  });

  it('is counted under the network of the client, in keys that expire within a minute', async () => {
    const redis = await startRedis();
    const replica = await startReplica(redis.url, { TRUST_PROXY: '1' });
    for (const address of ['192.0.2.7', '2001:db8:1:2::1', '2001:db8:1:2::2'])
      await ask(replica, { 'X-Forwarded-For': address });

    const keys = await redis.client.keys('*');
    expect(keys.sort()).toEqual(
      ['192.0.2.7', '2001:db8:1:2', 'trial'].map((client) => `error-tracker:rate:${client}`),
    );
    expect(await redis.client.get('error-tracker:rate:2001:db8:1:2')).toBe('2');
    for (const key of keys) {
      const seconds = await redis.client.ttl(key);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it('counts ingest keys, too, each against its own limit, also where addresses have none', async () => {
    const redis = await startRedis();
    const database = await temporaryDatabase();
    const env = { ...(database.env as Record<string, string>), RATE_LIMIT_PER_MINUTE: '0' };
    const [first, second] = [await startReplica(redis.url, env), await startReplica(redis.url, env)];
    const { key, id } = await makeKey(first, 'shop', { rate_limit_per_minute: 3 });

    const replicas = [first, second, first, second, first];
    const statuses = [];
    for (const replica of replicas) statuses.push((await reportWithKey(replica, key)).status);

    expect(statuses).toEqual([201, 200, 200, 429, 429]);
    expect(await redis.client.get(`error-tracker:rate:ingest-key-${id}`)).toBe('5');
    await Promise.all([first, second].map((replica) => replica.close()));
    await database.remove();
  });

  it('is counted in the database that the address names', async () => {
    const redis = await startRedis();
    await ask(await startReplica(`${redis.url}/5`));

    expect(await redis.client.dbsize()).toBe(0);
    await redis.client.select(5);
    expect(await redis.client.get('error-tracker:rate:127.0.0.1')).toBe('1');
  });

  it('asks Redis for nothing when it is off', async () => {
    const redis = await startRedis();
    await ask(await startReplica(redis.url, { RATE_LIMIT_PER_MINUTE: '0' }));

    expect(await countConnections(redis)).toBe(1);
  });

  it('closes its connection when the server stops', async () => {
    const redis = await startRedis();
    const replica = await startReplica(redis.url);
    expect(await countConnections(redis)).toBe(2);

    await replica.close();
    await until(async () => (await countConnections(redis)) === 1, 2_000);
    expect(output.text()).not.toMatch(LOST);
  });
});

describeWithRedis()('while Redis cannot be used, the rate limit', () => {
  it('is counted per replica from the start, and shared as soon as Redis is there', async () => {
    const port = await freePort();
    const [first, second] = [await startReplica(urlOf(port)), await startReplica(urlOf(port))];
    for (const replica of [first, second]) await expectOwnLimit(replica);
    expect(output.text().match(LOST)).toHaveLength(2);

    const redis = await startRedis({ port });
    await until(() => output.text().match(SHARED)?.length === 2, 10_000);
    expect(await statuses(first, 2)).toEqual([200, 200]);
    expect(await statuses(second, 2)).toEqual([200, 429]);
    expect(redis.url).toBe(urlOf(port));
  });

  it('is counted per replica after Redis was killed, and shared again after it was started', async () => {
    const redis = await startRedis();
    const [first, second] = [await startReplica(redis.url), await startReplica(redis.url)];
    expect(await statuses(first, 4)).toEqual([200, 200, 200, 429]);

    await redis.kill();
    for (const replica of [first, second]) await expectOwnLimit(replica);
    expect(output.text().match(LOST)).toHaveLength(2);

    await startRedis({ port: redis.port });
    await until(() => output.text().match(SHARED)?.length === 4, 10_000);
    expect(await statuses(first, 2)).toEqual([200, 200]);
    expect(await statuses(second, 2)).toEqual([200, 429]);
    expect(output.text().match(LOST)).toHaveLength(2);
    expect(output.text()).not.toMatch(/ERROR|ioredis|Unhandled/);
  });

  it('holds up only the requests under way when Redis stops answering', async () => {
    const redis = await startRedis();
    const replica = await startReplica(redis.url);

    redis.freeze();
    const startedAt = performance.now();
    expect((await report(replica)).status).toBe(201);
    expect(performance.now() - startedAt).toBeLessThan(3 * WAIT_MS);
    await expectNoWait(async () => expect(await statuses(replica, 4)).toEqual([200, 200, 429, 429]));

    // Long enough for further attempts, which connect and get no answer.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await expectNoWait(async () => expect(await statuses(replica, 4)).toEqual([429, 429, 429, 429]));
    expect(output.text().match(LOST)).toHaveLength(1);

    redis.thaw();
    await until(() => output.text().match(SHARED)?.length === 2, 10_000);
    expect((await ask(replica)).headers.get('x-ratelimit-limit')).toBe('3');
  });

  it('is counted per replica when Redis answers but does not count', async () => {
    const redis = await startRedis();
    const replica = await startReplica(redis.url);
    await redis.client.config('SET', 'maxmemory', '1');

    await expectOwnLimit(replica);
    await until(async () => (await countRejectedCounts(redis)) >= 3, 5_000);
    expect(output.text().match(LOST)).toEqual([expect.stringContaining('(OOM)')]);
    expect(output.text().match(SHARED)).toHaveLength(1);
  });

  it.each([
    ['the password is wrong', (url: string) => url.replace('hunter2', 'hunter3'), 'WRONGPASS'],
    ['there is no password', (url: string) => url.replace(/\/\/.*@/, '//'), 'NOAUTH'],
    ['there is no such database', (url: string) => `${url}/99`, 'ERR'],
  ])('is counted per replica when %s', async (_situation, change, cause) => {
    const redis = await startRedis();
    const replica = await startReplica(change(redis.url));

    await expectOwnLimit(replica);
    expect(output.text().match(LOST)).toEqual([expect.stringContaining(`(${cause})`)]);
    expect(output.text()).not.toMatch(SHARED);
  });

  it('is counted per replica, and the start takes a moment longer, when nothing answers there', async () => {
    const port = await startListener((socket) => socket.resume());
    const startedAt = performance.now();
    const replica = await startReplica(urlOf(port));
    expect(performance.now() - startedAt).toBeLessThan(5_000);

    await expectOwnLimit(replica);
  });
});

describeWithRedis()('the password in REDIS_URL', () => {
  it('is neither in the log nor in the status, with Redis and without', async () => {
    const redis = await startRedis();
    const replica = await startReplica(redis.url, { LOG_LEVEL: 'debug', RATE_LIMIT_PER_MINUTE: '100' });
    const status = await replica.call('/api/status');
    await redis.kill();
    await ask(replica);
    await startReplica(redis.url, { LOG_LEVEL: 'debug' });

    expect(status.body.settings).toContainEqual(
      expect.objectContaining({ name: 'REDIS_URL', value: null, is_secret: true, is_set: true }),
    );
    expect(JSON.stringify(status.body)).not.toContain('hunter2');
    expect(output.text()).toMatch(LOST);
    expect(output.text()).not.toContain('hunter2');
  });

  it('is not in the log when a server repeats the login that it does not know', async () => {
    const answer = "-ERR unknown command 'AUTH', with args beginning with: 'hunter2'\r\n";
    const port = await startListener((socket) => socket.on('data', () => socket.write(answer)));
    const replica = await startReplica(urlOf(port), { LOG_LEVEL: 'debug' });

    await expectOwnLimit(replica);
    expect(output.text().match(LOST)).toEqual([expect.stringContaining('(ERR)')]);
    expect(output.text()).not.toContain('hunter2');
  });
});

describeWithRedis()('a connection by rediss://', () => {
  afterEach(endSpawned);

  it('is made to a server whose certificate is trusted', async () => {
    const { url, certificateFile } = await startRedisBehindTls();
    const env = { RATE_LIMIT_PER_MINUTE: '3', REDIS_URL: url, NODE_EXTRA_CA_CERTS: certificateFile };
    const server = await startSpawnedServer({ env });
    await server.waitFor(/Rate limits are shared by all replicas: Redis at localhost:\d+ counts/);

    expect((await server.call('/api/projects')).headers.get('x-ratelimit-remaining')).toBe('2');
  });

  it('is not made to another', async () => {
    const { url } = await startRedisBehindTls();
    await expectOwnLimit(await startReplica(url));

    expect(output.text()).toMatch(/counted per replica: Redis at localhost:\d+ .*SELF_SIGNED_CERT/);
    expect(output.text()).not.toContain('shared by all replicas');
  });
});

describeWithRedis()('a start that fails', () => {
  afterEach(endSpawned);

  it('ends the process in spite of the connection to Redis', async () => {
    const redis = await startRedis();
    const port = String(redis.port);
    const env = { API_KEY, HOST: '127.0.0.1', PORT: port, REDIS_URL: redis.url };

    const { code, stderr } = await runProgram({ env });
    expect(stderr).toContain(`127.0.0.1:${port} cannot be listened on`);
    expect(code).toBe(1);
  });
});

async function startRedis(options: { port?: number } = {}): Promise<RedisServer> {
  const redis = await startRedisServer(options);
  closing.push(() => redis.kill());
  return redis;
}

/** Not every build of Redis speaks TLS itself. */
async function startRedisBehindTls(): Promise<{ url: string; certificateFile: string }> {
  const redis = await startRedis();
  const certificate = makeCertificate('localhost');
  const folder = temporaryFolder();
  closing.push(folder.remove);
  const certificateFile = join(folder.path, 'certificate.pem');
  writeFileSync(certificateFile, certificate.cert);
  const proxy = createTlsServer(certificate, (socket) => {
    pipeline(socket, connect(redis.port, '127.0.0.1'), socket, () => undefined);
  }).listen(0, '127.0.0.1');
  closing.push(() => proxy.close());
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return { url: redis.url.replace(/^redis:(.*)@.*$/, `rediss:$1@localhost:${port}`), certificateFile };
}

/** Something else than Redis; gives its port. */
async function startListener(serve: (socket: Socket) => void): Promise<number> {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  }).listen(0, '127.0.0.1');
  closing.push(() => listener.close());
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

async function startReplica(url: string, env: Record<string, string> = {}): Promise<TestServer> {
  const replica = await startTestServer({
    REDIS_URL: url,
    RATE_LIMIT_PER_MINUTE: '3',
    LOG_LEVEL: 'info',
    ...env,
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await replica.close();
    isClosed = true;
  };
  closing.push(close);
  return { ...replica, close };
}

/** As `startRedisServer` would give it. */
function urlOf(port: number): string {
  return `redis://:${encodeURIComponent('hunter2/@:%')}@127.0.0.1:${port}`;
}

function ask(replica: TestServer, headers: Record<string, string> = {}): Promise<Answer> {
  return replica.call('/api/projects', { headers });
}

function report(replica: TestServer): Promise<Answer> {
  return replica.call('/api/errors', { json: aReport() });
}

async function statuses(replica: TestServer, count: number): Promise<number[]> {
  const answers = [];
  for (let i = 0; i < count; i++) answers.push((await ask(replica)).status);
  return answers;
}

/** The replica lets through as many as are allowed and then refuses, and waits for nothing meanwhile. */
async function expectOwnLimit(replica: TestServer): Promise<void> {
  await expectNoWait(async () => expect(await statuses(replica, 4)).toEqual([200, 200, 200, 429]));
}

/** Of four requests not even three can have waited for Redis. */
async function expectNoWait(sendFour: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await sendFour();
  expect(performance.now() - startedAt).toBeLessThan(3 * WAIT_MS);
}

async function countConnections(redis: RedisServer): Promise<number> {
  const list = (await redis.client.client('LIST')) as string;
  return list.trim().split('\n').length;
}

/** How often it refused to count for want of memory. */
async function countRejectedCounts(redis: RedisServer): Promise<number> {
  const stats = await redis.client.info('errorstats');
  return Number(/errorstat_OOM:count=(\d+)/.exec(stats)?.[1] ?? 0);
}
