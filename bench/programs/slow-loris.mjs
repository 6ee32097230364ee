// Connections that send a request one byte at a time and never finish: half of them trickle headers, half a body.
// One that is cut off comes back at once.
import net from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { serveGenerator } from '../support/generator-program.mjs';
import { API_KEY } from '../support/servers.mjs';

const BYTE_EVERY_MS = 200;
const HEADERS_START = 'POST /api/errors HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Trickle: ';
const BODY_START =
  `POST /api/errors HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${API_KEY}\r\n` +
  'Content-Type: application/json\r\nContent-Length: 2048\r\n\r\n{"project":"';

serveGenerator(async ({ port, connections }, begin, onStop) => {
  const sockets = new Set();
  let cutOff = 0;
  let isStopped = false;
  const open = (start) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(start));
    sockets.add(socket);
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (isStopped) return;
      cutOff++;
      open(start);
    });
  };
  for (let i = 0; i < connections; i++) open(i % 2 === 0 ? HEADERS_START : BODY_START);
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('a');
  }, BYTE_EVERY_MS);
  begin();
  await new Promise((resolve) => onStop(resolve));
  isStopped = true;
  clearInterval(timer);
  for (const socket of sockets) socket.destroy();
  return { cutOff };
});
