import { mkdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PROPERTIES, variableName } from '../../src/config/load-config';
import { freePort } from '../support/free-port';
import { expectWholeLines } from '../support/log-lines';
import { aReport } from '../support/reports';
import { endSpawned, runProgram, startSpawnedServer } from '../support/spawned-server';
import { temporaryDatabase } from '../support/temporary-database';
import { temporaryFolder } from '../support/temporary-folder';
import { API_KEY } from '../support/test-server';

const HINT = 'error-tracker --help lists what there is.\n';
let folder: ReturnType<typeof temporaryFolder>;
let listeners: Server[];

beforeEach(() => {
  folder = temporaryFolder();
  listeners = [];
});

afterEach(async () => {
  await endSpawned();
  for (const listener of listeners) await new Promise((resolve) => listener.close(resolve));
  folder.remove();
});

/** The port of a listener of the test, which is closed after it. */
async function listen(server: Server): Promise<number> {
  listeners.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('The command line', () => {
  test.each(['--help', '-h'])('%s explains every command and setting', async (option) => {
    const { code, stdout, stderr } = await runProgram({ args: [option] });

    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of ['prune', '--dry-run', '--healthcheck', '--version', '--help']) {
      expect(stdout).toContain(`error-tracker ${command === '--dry-run' ? 'prune --dry-run' : command}`);
    }
    // DATABASE_URL is only there to be refused clearly.
    for (const variable of PROPERTIES.map(variableName).filter((name) => name !== 'DATABASE_URL')) {
      expect(stdout).toContain(variable);
    }
  });

  test.each(['--version', '-v'])('%s prints the version of package.json', async (option) => {
    const packageFile = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');

    const { code, stdout, stderr } = await runProgram({ args: [option] });

    expect(stdout).toBe(`${(JSON.parse(packageFile) as { version: string }).version}\n`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test.each([
    [['--verbose'], "Unknown option '--verbose'"],
    [['-x'], "Unknown option '-x'"],
    [['--healthcheck=now'], '--healthcheck'],
    [['migrate'], 'Unknown command migrate'],
    [['prune', 'everything'], 'Unknown argument everything'],
    [['--dry-run'], '--dry-run belongs to prune'],
  ])('%j is refused with a hint, and nothing is started', async (args, message) => {
    const env = { API_KEY, DATABASE_PATH: join(folder.path, 'errors.db') };

    const { code, stdout, stderr } = await runProgram({ args, env });

    expect(stderr).toContain(message);
    expect(stderr.endsWith(HINT)).toBe(true);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('Settings at start', () => {
  test('without an API key end the program, and the message names it', async () => {
    const { code, stdout, stderr } = await runProgram();

    expect(stderr).toBe(
      'The settings are not usable:\n' +
        '  API_KEY is required: choose a secret that clients send in the X-API-Key header\n',
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('that are wrong in several ways are all named, and secrets are not repeated', async () => {
    const env = {
      API_KEY: 'secret one',
      PORT: 'http',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'postgres://tracker:secret-two@db/errors',
      SMTP_PASSWORD: 'secret-three',
      ALERT_EMAILS: 'dev',
    };

    const { code, stderr } = await runProgram({ env });

    const [heading, ...lines] = stderr.trimEnd().split('\n');
    expect(heading).toBe('The settings are not usable:');
    expect(lines.map((line) => line.trim().split(' ')[0]).sort()).toEqual([
      'ALERT_EMAILS',
      'API_KEY',
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
      'SMTP_USERNAME',
    ]);
    expect(stderr).not.toMatch(/secret[ -]/);
    expect(code).toBe(1);
  });

  test('in a .env that cannot be read end the program, and the message names the file', async () => {
    mkdirSync(join(folder.path, '.env'));

    const { code, stderr } = await runProgram({ cwd: folder.path, env: { API_KEY } });

    expect(stderr).toContain('.env');
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });
});

describe('--healthcheck', () => {
  const check = (env: Record<string, string | number>) =>
    runProgram({
      args: ['--healthcheck'],
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    });

  test.each(['127.0.0.1', '0.0.0.0', '::'])(
    'of a server that runs exits with 0 without an API key (HOST=%s)',
    async (host) => {
      const server = await startSpawnedServer();

      const { code, stdout, stderr } = await check({ HOST: host, PORT: server.port });

      expect(stdout).toBe(`http://127.0.0.1:${server.port}/health is healthy\n`);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    },
  );

  test('of a server that does not run exits with 1 and says why', async () => {
    const port = await freePort();

    const { code, stdout, stderr } = await check({ PORT: port });

    expect(stderr).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1:${port}/health does not answer: .*ECONNREFUSED.*\\n$`),
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('of a server that answers with an error exits with 1', async () => {
    const port = await listen(createHttpServer((_request, response) => response.writeHead(503).end()));

    const { code, stderr } = await check({ PORT: port });

    expect(stderr).toBe(`http://127.0.0.1:${port}/health answered 503\n`);
    expect(code).toBe(1);
  });

  test('of a server that never answers gives up after seconds and exits with 1', async () => {
    const sockets: Socket[] = [];
    const port = await listen(createServer((socket) => sockets.push(socket)));

    const { code, stderr } = await check({ PORT: port });
    for (const socket of sockets) socket.destroy();

    expect(stderr).toMatch(/does not answer: .*timeout/);
    expect(code).toBe(1);
  });

  test('with a PORT that is none exits with 1 and names it', async () => {
    const { code, stderr } = await check({ PORT: 'http' });

    expect(stderr).toContain('PORT must be a whole number');
    expect(code).toBe(1);
  });
});

describe('A server that starts', () => {
  test('on a port that is taken ends with one sentence that names it', async () => {
    const port = await listen(createServer());

    const { code, stdout, stderr } = await runProgram({
      env: { API_KEY, HOST: '127.0.0.1', PORT: String(port) },
    });

    expect(stderr).toMatch(new RegExp(`^[^\\n]*127\\.0\\.0\\.1:${port}[^\\n]*\\n$`));
    expect(stderr).not.toContain('node:net');
    expect(stdout).not.toContain('listens on');
    expect(code).toBe(1);
  });

  test('on an address this machine does not have ends with one sentence that names it', async () => {
    const { code, stderr } = await runProgram({ env: { API_KEY, HOST: '192.0.2.1', PORT: '0' } });

    expect(stderr).toMatch(/^[^\n]*192\.0\.2\.1[^\n]*\n$/);
    expect(stderr).not.toContain('node:net');
    expect(code).toBe(1);
  });
});

describe('A server that is stopped', () => {
  test('does not wait for a connection on which nothing ever came', async () => {
    const server = await startSpawnedServer();
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    // The server knows of the connection once it has answered on a later one.
    await server.call('/health');

    const startedAt = Date.now();
    server.kill('SIGTERM');
    const { code } = await server.ended;

    expect(code).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    socket.destroy();
  });

  test.each([['nonsense', '--healthcheck'], ['prune', '--healthcheck'], ['backup']])(
    'refuses the arguments %s %s as a wrong usage',
    async (...args) => {
      const { code, stderr } = await runProgram({ args });
      expect(code).toBe(2);
      expect(stderr).toMatch(/--help lists what there is/);
    },
  );

  test.each(['SIGTERM', 'SIGINT'] as const)('by %s exits with 0, idle connections or not', async (signal) => {
    const server = await startSpawnedServer();
    // fetch keeps its connection open.
    await server.call('/api/errors', { json: aReport() });

    server.kill(signal);
    const { code, stdout, stderr } = await server.ended;

    expect(code).toBe(0);
    expect(stdout).toContain(`${signal}: finishing what is under way`);
    expect(stderr).toBe('');
  });

  test('answers and keeps the report that is under way first', async () => {
    const database = await temporaryDatabase();
    const server = await startSpawnedServer({ env: { ...database.env } });
    const upload = await startUpload(server.port);

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    upload.finish();
    const [answer, { code, stderr }] = await Promise.all([upload.answer, server.ended]);

    expect(answer).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    expect(answer).toContain('"status":"created"');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const stored = database.open();
    expect(await stored.all('SELECT count FROM errors')).toEqual([{ count: 1 }]);
    await stored.close();
    await database.remove();
  });

  test('takes no new connection while it finishes what is under way', async () => {
    const server = await startSpawnedServer();
    const upload = await startUpload(server.port);

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    const refused = await new Promise((resolve) => {
      const attempt = () => {
        const socket = connect(server.port, '127.0.0.1');
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
        socket.once('connect', () => socket.destroy());
        socket.once('close', (failed) => {
          if (!failed) setTimeout(attempt, 20);
        });
      };
      attempt();
    });
    upload.finish();

    expect(refused).toBe('ECONNREFUSED');
    expect(await upload.answer).toContain('201 Created');
    expect((await server.ended).code).toBe(0);
  });

  test('a second time ends at once, with a request still under way', async () => {
    const server = await startSpawnedServer();
    const upload = await startUpload(server.port);

    server.kill('SIGINT');
    await server.waitFor(/SIGINT: finishing/);
    server.kill('SIGINT');
    const { signal, stderr } = await server.ended;

    expect(signal).toBe('SIGINT');
    expect(stderr).toMatch(/WARN {2}\[App\] SIGINT again: ending at once\n$/);
    expect(await upload.answer).not.toContain('201');
  });

  /** Begins a report whose second half is still to come; the server has asked for the body by then. */
  async function startUpload(port: number) {
    const body = JSON.stringify(aReport());
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let received = '';
    let onAsked: () => void;
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    socket.on('data', (text: string) => {
      received += text;
      if (received.startsWith('HTTP/1.1 100 Continue')) onAsked();
    });
    const answer = new Promise<string>((resolve) => {
      socket.on('close', () => resolve(received.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')));
      socket.on('error', () => undefined);
    });
    socket.write(
      `POST /api/errors HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${API_KEY}\r\nExpect: 100-continue\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    );
    await asked;
    socket.write(body.slice(0, 20));
    return { answer, finish: () => socket.write(body.slice(20)) };
  }
});

describe('The log', () => {
  test.each([
    ['error', { info: false, debug: false }],
    ['warn', { info: false, debug: false }],
    ['info', { info: true, debug: false }],
    ['debug', { info: true, debug: true }],
  ])('at LOG_LEVEL=%s has what is as important or more', async (level, expected) => {
    const server = await startSpawnedServer({
      env: { LOG_LEVEL: level, PORT: String(await freePort()) },
    });
    server.kill('SIGTERM');
    const { stdout } = await server.ended;

    expect({ info: / INFO {2}\[/.test(stdout), debug: / DEBUG \[/.test(stdout) }).toEqual(expected);
  });

  test('has one line of what a mail server says, control characters and all', async () => {
    const smtpPort = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('554-go away\r\n554 \u001b[2Jforged\u0007\u2028line\r\n');
      }),
    );
    const server = await startSpawnedServer({
      env: { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtpPort), ALERT_EMAILS: 'dev@example.com' },
    });

    expect((await server.call('/api/test-alert', { method: 'POST' })).status).toBe(202);
    await server.waitFor(/WARN {2}\[Alerts\] SMTP .*\n/);

    expect(server.stderr()).toContain('forged');
    expectWholeLines(server.stderr());
  });

  test('has neither keys nor reports nor forged lines in it, whatever clients send, at LOG_LEVEL=debug', async () => {
    const server = await startSpawnedServer({ env: { API_KEY: 'the-secret-key', LOG_LEVEL: 'debug' } });
    const nasty = 'payload\r\n2026-01-01T00:00:00.000Z ERROR [App] forged\u001b[31m\u2028\u0085';
    const report = aReport({
      project: nasty,
      exception_type: nasty,
      message: nasty,
      traceback: nasty,
      request_url: nasty,
      user_id: nasty,
      request_headers: { [nasty]: nasty },
      extra: [nasty],
    });

    const { body } = await server.call('/api/errors', { json: report });
    expect(body.status).toBe('created');
    await server.call('/api/errors', { json: report });
    await server.call('/api/errors', { json: { ...report, project: [nasty] } });
    await server.call('/api/errors', { method: 'POST', body: `{"project": "${nasty}` });
    await server.call('/api/errors', { json: report, headers: { 'X-API-Key': 'payload-as-key' } });
    await server.call(`/api/errors?search=${encodeURIComponent(nasty)}&limit=${encodeURIComponent(nasty)}`);
    await server.call(`/api/errors/${encodeURIComponent(nasty)}`);
    await server.call(`/${encodeURIComponent(nasty)}`);
    await server.call(`/api/errors/${body.id}/resolve`, { method: 'POST' });
    await sendRaw(server.port, 'payload\u0007 forged\u001b[31m\r\n\r\n');
    await sendRaw(server.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'payload'.repeat(10_000)}\r\n\r\n`);
    server.kill('SIGTERM');
    const { code, stdout, stderr } = await server.ended;

    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/the-secret-key|payload|forged/);
    expect(stdout).toContain('A client sent no valid HTTP');
    expectWholeLines(stdout + stderr);
  });

  /** Sends bytes as they are and waits until the server closes the connection. */
  function sendRaw(port: number, text: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.resume();
    });
  }
});
