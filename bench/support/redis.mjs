import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endAtExit } from './child-processes.mjs';
import { findFreePort } from './free-port.mjs';

const PROGRAM = 'redis-server';

/** Starts a Redis on 127.0.0.1 that keeps nothing; gives null where there is none on PATH. */
export async function startRedis() {
  const port = await findFreePort();
  const child = spawn(PROGRAM, ['--port', port, '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  endAtExit(child);
  const ended = once(child, 'exit');
  await waitForLine(child.stdout, 'Ready to accept connections');
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { pid: child.pid, url: `redis://127.0.0.1:${port}`, stop };
}

async function waitForLine(stream, text) {
  // The lines after it are read too, or a full pipe would hold Redis up.
  const lines = createInterface(stream);
  await new Promise((resolve, reject) => {
    lines.on('line', (line) => line.includes(text) && resolve());
    lines.on('close', () => reject(new Error('Redis did not start')));
  });
}
