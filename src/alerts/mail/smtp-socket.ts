import { Socket } from 'node:net';
import { isIP } from 'node:net';

/** What one address of several may take before the next is tried, as a share of the whole time. */
const SHARE_OF_AN_ADDRESS = 1 / 5;

/**
 * Connects a socket.
 * @param onResolved called when the name has an address
 * @throws the error of the system, or one with code ETIMEDOUT
 */
export function connectSocket(
  socket: Socket,
  target: { host: string; port: number; timeoutMs: number },
  onResolved: () => void,
): Promise<void> {
  const { host, port, timeoutMs } = target;
  if (isIP(host)) onResolved();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error(`no connection within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
      socket.destroy();
    }, timeoutMs);
    socket.once('lookup', onResolved);
    socket.once('error', (error: Error) => reject(unite(error)));
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was given up'));
    });
    const autoSelectFamilyAttemptTimeout = Math.max(10, Math.floor(timeoutMs * SHARE_OF_AN_ADDRESS));
    socket.connect({ host, port, autoSelectFamilyAttemptTimeout }, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Where a name has several addresses, Node throws an error without a message that holds one for each. */
function unite(error: Error): Error {
  if (!(error instanceof AggregateError)) return error;
  const message = error.errors
    .map((each) => (each instanceof Error ? each.message : String(each)))
    .join('; ');
  return Object.assign(new Error(message), { code: (error as NodeJS.ErrnoException).code });
}
