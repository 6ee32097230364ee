import { Injectable, Logger } from '@nestjs/common';
import { Socket } from 'node:net';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { AppConfig } from '../config/app-config';

const CONNECT_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;

/** The port on which TLS starts at once; on any other, STARTTLS is used when the server offers it. */
const IMPLICIT_TLS_PORT = 465;

export type Mail = Pick<SendMailOptions, 'subject' | 'text'>;

/** Sends one mail to one address over SMTP and logs what came of it, in words that tell causes apart. */
@Injectable()
export class MailSender {
  private readonly logger = new Logger('Alerts');

  constructor(private readonly config: AppConfig) {}

  /** The variable that is missing before mail can be sent, or null when none is. */
  findMissingSetting(): 'SMTP_HOST' | 'ALERT_EMAILS' | null {
    if (!this.config.smtpHost) return 'SMTP_HOST';
    return this.config.alertEmails.length === 0 ? 'ALERT_EMAILS' : null;
  }

  /** Never rejects: the outcome stands in the log. */
  async send(address: string, mail: Mail): Promise<void> {
    const { smtpHost: host, smtpPort: port } = this.config;
    const startedAt = Date.now();
    const socket = new Socket();
    let transport: Transporter | undefined;
    try {
      transport = await this.createTransport(socket);
      const info = (await transport.sendMail({
        ...mail,
        from: this.config.smtpFrom,
        to: address,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })) as { response: string };
      const milliseconds = Date.now() - startedAt;
      this.logger.log(
        `Email alert sent to ${address} via SMTP (${host}:${port}, ${milliseconds} ms): ${info.response}`,
      );
    } catch (error) {
      this.logger.warn(
        `SMTP alert to ${address} failed: ${host}:${port}, ${socket.bytesRead} bytes received: ${describe(error)}`,
      );
    } finally {
      transport?.close();
      socket.destroy();
    }
  }

  /** The mail library is loaded only here: it costs a third of a second and 30 MB, which most servers never need. */
  private async createTransport(socket: Socket): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const { smtpHost: host, smtpPort: port, smtpUsername: user, smtpPassword: pass } = this.config;
    return createTransport({
      host,
      port,
      secure: port === IMPLICIT_TLS_PORT,
      auth: user ? { user, pass } : undefined,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: GREETING_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // With a socket of our own we know how much the server said before it failed.
      getSocket: (_options, callback) => {
        openSocket(socket, host ?? '', port).then(
          (connection) => callback(null, { connection }),
          (error: unknown) => callback(error as Error, undefined as never),
        );
      },
    });
  }
}

function openSocket(socket: Socket, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`));
      socket.destroy();
    }, CONNECT_TIMEOUT_MS);
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.connect({ host, port }, () => {
      clearTimeout(timer);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  return code && !error.message.includes(code) ? `${error.message} (${code})` : error.message;
}
