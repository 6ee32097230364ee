import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { endAtExit } from './child-processes.mjs';
import { waitForHealth } from './servers.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';

/** Where Debian has it, which is on root's PATH only. */
const DEBIAN_FOLDER = '/usr/sbin';
const START_DEADLINE_MS = 10_000;

/** The path of the program, or null where there is none. */
export function findNginx() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), DEBIAN_FOLDER];
  return folders.map((folder) => join(folder, 'nginx')).find(existsSync) ?? null;
}

/**
 * Starts nginx with a configuration, and waits until it has passed on a request to /health.
 * @param http what stands in the block `http`
 * @param port one that it listens on
 */
export async function startNginx(http, port) {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configure(folder, http));
  const child = spawn(findNginx(), ['-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  endAtExit(child);
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'exit');
  await waitForHealth(port, performance.now() + START_DEADLINE_MS, () => {
    if (child.exitCode !== null) throw new Error(`nginx did not start:\n${output}`);
  });
  const stop = async () => {
    child.kill('SIGQUIT');
    await ended;
    removeTemporaryFolder(folder);
  };
  return { port, stop };
}

/** One process, which ends with its parent; bodies stay in memory, and connections are kept. */
function configure(folder, http) {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  client_body_buffer_size 256k;
  keepalive_requests 100000000;
  access_log off;
  ${http}
}
`;
}
