// Loaded before the server by NODE_OPTIONS=--import: on SIGUSR2, threads whose file has THREAD in its name die the way
// that FAULT says. They do so between two messages: SQLite for Node cannot bear to be ended in the midst of a call.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const { THREAD, FAULT } = process.env;
const channel = new BroadcastChannel('fault');
channel.unref();

if (isMainThread) {
  process.on('SIGUSR2', () => channel.postMessage(FAULT));
} else if (process.argv[1].includes(THREAD)) {
  channel.onmessage = ({ data }) => {
    if (data === 'throws') throw new Error('thrown by the test');
    if (data === 'exits') process.exit(7);
    const hoard = [];
    for (;;) hoard.push(new Array(100_000).fill(hoard.length));
  };
}
