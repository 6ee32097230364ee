// Loaded before the server by NODE_OPTIONS=--import: from SIGUSR2 on, the clock of the main thread is an hour behind
// (CLOCK=steps-back), or goes back by a second each time it is read (CLOCK=runs-backwards). The clock of all threads is
// three days ahead from the start (CLOCK=days-ahead).
import { isMainThread } from 'node:worker_threads';

const RealDate = Date;
let behindMs = process.env.CLOCK === 'days-ahead' ? -3 * 86_400_000 : 0;
let turned = false;

function now() {
  if (turned && process.env.CLOCK === 'runs-backwards') behindMs += 1_000;
  return RealDate.now() - behindMs;
}

if (isMainThread || process.env.CLOCK === 'days-ahead') {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  process.on('SIGUSR2', () => {
    turned = true;
    if (process.env.CLOCK === 'steps-back') behindMs += 3_600_000;
  });
}
