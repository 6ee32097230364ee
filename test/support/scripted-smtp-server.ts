import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What a server does instead of answering: a reply of its own, nothing, closing, or a byte now and then. */
export type ScriptedAnswer = { reply: string } | 'hang' | 'close' | 'drip';

/** A verb, `greeting`, or `.` for the end of the message. */
export type Script = Partial<Record<string, ScriptedAnswer>>;

export interface ScriptedSmtpServer {
  port: number;
  /** all that clients sent */
  received(): string;
  /** what was sent to the client */
  sentBytes(): number;
  /** resolves when clients have sent something that matches */
  until(pattern: RegExp): Promise<void>;
  /** resolves when the client has closed its connection */
  closed: Promise<void>;
  close(): Promise<void>;
}

const USUAL_REPLIES: Record<string, string> = {
  greeting: '220 test ready',
  EHLO: '250-test\r\n250 AUTH PLAIN LOGIN',
  AUTH: '235 welcome',
  MAIL: '250 sender ok',
  RCPT: '250 recipient ok',
  DATA: '354 go on',
  '.': '250 taken',
  QUIT: '221 bye',
};

/** A mail server without TLS that goes by a script and takes everything where the script is silent. */
export async function startScriptedSmtpServer(script: Script = {}): Promise<ScriptedSmtpServer> {
  let received = '';
  let sentBytes = 0;
  let onReceived = () => {};
  let onClosed = () => {};
  const closed = new Promise<void>((resolve) => (onClosed = resolve));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', onClosed);
    const send = (text: string) => {
      sentBytes += Buffer.byteLength(text);
      socket.write(text);
    };
    const answer = (verb: string) => {
      const scripted = script[verb] ?? { reply: USUAL_REPLIES[verb] ?? '500 unknown' };
      if (scripted === 'close') socket.end();
      else if (scripted === 'drip') {
        const timer = setInterval(() => send('2'), 40);
        socket.on('close', () => clearInterval(timer));
      } else if (scripted !== 'hang') send(`${scripted.reply}\r\n`);
    };
    let unread = '';
    let inMessage = false;
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      unread += chunk.toString('utf8');
      for (let end; (end = unread.indexOf('\n')) >= 0;) {
        const line = unread.slice(0, end).trimEnd();
        unread = unread.slice(end + 1);
        if (inMessage && line !== '.') continue;
        const verb = line.split(' ', 1)[0]!.toUpperCase();
        inMessage = verb === 'DATA' && script.DATA === undefined;
        answer(verb);
      }
      onReceived();
    });
    answer('greeting');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    sentBytes: () => sentBytes,
    until: (pattern) =>
      new Promise((resolve) => {
        onReceived = () => {
          if (pattern.test(received)) resolve();
        };
        onReceived();
      }),
    closed,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
