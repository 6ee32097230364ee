import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from './free-port.mjs';
import { startNginx } from './nginx.mjs';
import { startServer } from './servers.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';

/** How far the log of requests may be behind. */
const LOG_FLUSH_S = 1;

/** How long nginx leaves a replica alone that did not answer. */
export const FAIL_TIMEOUT_S = 1;

/**
 * Starts two replicas behind nginx: through `both` it shares requests out to them, through `first` it sends all to one
 * of them, and through `logged` to both again, but writes down each request.
 *
 * A request that was sent to a replica which then breaks off is answered with 502: the report may be stored, so nginx
 * must not send it again. Only one whose connection was refused goes to the other replica.
 * @returns `second`, which can be killed, `startSecond` that starts it again on its port, `readRequests`, and `stop`
 */
export async function startReplicas(databaseUrl) {
  const folder = makeTemporaryFolder();
  const logFile = join(folder, 'requests');
  const first = await startServer({ databaseUrl });
  const startSecond = (port) => startServer({ databaseUrl, port });
  const replicas = { first, second: await startSecond() };
  const ports = { both: await findFreePort(), first: await findFreePort(), logged: await findFreePort() };
  const nginx = await startNginx(
    `
  log_format requests '$msec $status $upstream_addr';
  ${upstream('both', [replicas.first, replicas.second])}
  ${upstream('first', [replicas.first])}
  ${listen(ports.both, 'both')}
  ${listen(ports.first, 'first')}
  ${listen(ports.logged, 'both', `access_log ${logFile} requests buffer=64k flush=${LOG_FLUSH_S}s;`)}
`,
    ports.first,
  );
  const stop = async () => {
    await nginx.stop();
    await replicas.first.stop();
    await replicas.second.stop();
    removeTemporaryFolder(folder);
  };
  return {
    both: { port: ports.both },
    first: { port: ports.first },
    logged: { port: ports.logged },
    databaseUrl,
    get second() {
      return replicas.second;
    },
    startSecond: async () => {
      replicas.second = await startSecond(replicas.second.port);
    },
    readRequests: async () => {
      await pause(LOG_FLUSH_S * 1_500);
      return readRequests(logFile);
    },
    stop,
  };
}

function upstream(name, servers) {
  const lines = servers.map(
    ({ port }) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=${FAIL_TIMEOUT_S}s;`,
  );
  return `upstream ${name} { ${lines.join(' ')} keepalive 128; keepalive_requests 100000000; }`;
}

function listen(port, upstreamName, log = '') {
  return `server {
    listen 127.0.0.1:${port};
    ${log}
    location / {
      proxy_pass http://${upstreamName};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_connect_timeout 1s;
      # The default, said once more: without non_idempotent, no POST that was sent is sent again.
      proxy_next_upstream error timeout;
    }
  }`;
}

/** When each request was answered (milliseconds since 1970), with which status, and the ports it was sent to. */
function readRequests(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [seconds, status, ...addresses] = line.replaceAll(',', '').split(' ');
    const sentTo = addresses.map((address) => Number(address.split(':')[1]));
    return { at: Number(seconds) * 1_000, status: Number(status), sentTo };
  });
}
