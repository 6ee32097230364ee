import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endAtExit } from './child-processes.mjs';

/**
 * Starts a load generator in a process of its own, so that it and what measures beside it do not disturb each other.
 * @param program name of a file in bench/programs
 * @returns when it has begun to send: `result`, and `stop` that ends it early and gives the result
 */
export async function startGenerator(program, options) {
  const file = fileURLToPath(new URL(`../programs/${program}.mjs`, import.meta.url));
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  endAtExit(child);
  const ended = new Promise((_, reject) => {
    child.on('exit', (code, signal) =>
      reject(new Error(`The load generator ${program} ended early (${signal ?? code})`)),
    );
  });
  ended.catch(() => undefined);
  const started = once(child, 'message');
  child.send(options);
  await Promise.race([started, ended]);
  const result = Promise.race([once(child, 'message').then(([message]) => message), ended]);
  result.catch(() => undefined);
  const stop = () => {
    child.send('stop');
    return result;
  };
  return { result, stop };
}

/** Runs a load generator to its end. */
export async function runGenerator(program, options) {
  const generator = await startGenerator(program, options);
  return generator.result;
}
