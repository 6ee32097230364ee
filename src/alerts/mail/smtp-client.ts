import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { DeliveryError, Receipt } from '../channel';
import { createTextCleaner } from './clean-smtp-text';
import { composeMessage, Message } from './compose-message';
import { explainSmtpFailure } from './explain-smtp-failure';
import type { Mail } from './mail';
import { SmtpDialogue, SmtpStage, SmtpStep } from './smtp-dialogue';
import { describeSmtpError, ownFailure, SmtpError } from './smtp-failure';
import { connectSocket } from './smtp-socket';

export interface SmtpSettings {
  host: string;
  port: number;
  username?: string;
  password?: string;
  /** `a@example.com` or `Name <a@example.com>` */
  from: string;
  timeouts?: Partial<SmtpTimeouts>;
  /** whether TLS starts at once, where the port does not tell */
  implicitTls?: boolean;
  /** certificates to trust in place of the known authorities, as PEM */
  ca?: string;
}

/** In milliseconds. */
export interface SmtpTimeouts {
  /** finding the address and connecting */
  connect: number;
  /** until the greeting, and for the start of TLS */
  greeting: number;
  /** silence at any other moment */
  socket: number;
  /** the whole attempt: a server that sends a byte now and then is never silent */
  attempt: number;
  /** from the end of the mail to the server's answer: it may look through the whole mail before it takes it */
  verdict: number;
}

export interface SendOptions {
  /** Awaited when all but the end of the message has been sent; the message is not delivered when it rejects. */
  handOver?: () => Promise<void>;
  onStep?: (step: SmtpStep) => void;
}

const DEFAULT_TIMEOUTS: SmtpTimeouts = {
  connect: 10_000,
  greeting: 10_000,
  socket: 30_000,
  attempt: 60_000,
  verdict: 300_000,
};

/** How long the server may take for its goodbye: by then it has the mail. */
const QUIT_TIMEOUT_MS = 1_000;

/** On this port TLS starts at once; on any other STARTTLS is used when the server offers it. */
export function usesImplicitTls(port: number): boolean {
  return port === 465;
}

/**
 * Sends one mail to one address over a connection of its own. Certificates are verified.
 * @param to an address without a name
 * @throws DeliveryError
 */
export async function sendMail(
  settings: SmtpSettings,
  to: string,
  mail: Mail,
  options: SendOptions = {},
): Promise<Receipt> {
  const attempt = new SmtpAttempt(settings, options);
  try {
    return await attempt.send(to, mail);
  } catch (error) {
    throw attempt.describe(error as SmtpError);
  } finally {
    attempt.end();
  }
}

/** One connection. With a socket of our own we know how much the server said before it failed. */
class SmtpAttempt {
  private readonly socket = new Socket();
  private readonly implicitTls: boolean;
  private readonly timeouts: SmtpTimeouts;
  private readonly clean: (text: string) => string;
  private readonly dialogue: SmtpDialogue;
  private connection: SMTPConnection | null = null;
  private deadline: NodeJS.Timeout | undefined;
  private onDeadline: (error: Error) => void = () => undefined;

  constructor(
    private readonly settings: SmtpSettings,
    private readonly options: SendOptions,
  ) {
    this.implicitTls = settings.implicitTls ?? usesImplicitTls(settings.port);
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...settings.timeouts };
    this.clean = createTextCleaner(settings.username, settings.password);
    this.dialogue = new SmtpDialogue(this.clean, options.onStep ?? (() => undefined));
    this.socket.on('error', () => undefined);
  }

  async send(to: string, mail: Mail): Promise<Receipt> {
    const message = await composeMessage(this.settings.from, to, mail).catch((error: unknown) => {
      throw ownFailure('EADDRESS', error);
    });
    const response = await Promise.race([this.waitForDeadline(), this.deliver(message)]);
    const receipt = { response: this.clean(response), bytesReceived: this.socket.bytesRead };
    await this.quit();
    return receipt;
  }

  describe(error: SmtpError): DeliveryError {
    const { host, port, username } = this.settings;
    const bytesReceived = this.socket.bytesRead;
    const explanation = explainSmtpFailure({
      error,
      stage: this.findStage(error),
      bytesReceived,
      implicitTls: this.implicitTls,
      encrypted: this.connection?._socket instanceof TLSSocket,
      withLogin: Boolean(username),
    });
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const details = this.clean(describeSmtpError(error));
    return new DeliveryError(
      `${target}, ${bytesReceived} bytes received: ${explanation.cause}: ${details}`,
      explanation.permanent,
      bytesReceived,
      explanation.hint,
      error.response ? { retryAfter: 0 } : null,
    );
  }

  end(): void {
    clearTimeout(this.deadline);
    this.connection?.close();
    this.socket.destroy();
  }

  private waitForDeadline(): Promise<never> {
    return new Promise((_, reject) => {
      this.onDeadline = reject;
      this.startDeadline(this.timeouts.attempt);
    });
  }

  private startDeadline(timeoutMs: number): void {
    this.deadline = setTimeout(() => {
      const seconds = timeoutMs / 1000;
      const reason = `not done within ${seconds} s, waiting for ${this.dialogue.stage}`;
      this.onDeadline(ownFailure('EATTEMPT', reason));
    }, timeoutMs);
  }

  private async deliver(message: Message): Promise<string> {
    const { host, port } = this.settings;
    await connectSocket(this.socket, { host, port, timeoutMs: this.timeouts.connect }, () =>
      this.dialogue.enter('connection'),
    );
    this.dialogue.enter(this.implicitTls ? 'TLS' : 'greeting');
    this.dialogue.note(`connected to ${host}:${port} (${this.socket.remoteAddress ?? 'address unknown'})`);
    const connection = await this.openConnection();
    const broken = new Promise<never>((_, reject) => connection.on('error', reject));
    return Promise.race([broken, this.converse(connection, message)]);
  }

  /** The mail library is loaded only here: it costs time and memory that most servers never need. */
  private async openConnection(): Promise<SMTPConnection> {
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const hear = (entry: object, text: string) =>
      this.dialogue.hear(entry, text, this.connection?._socket ?? null);
    this.connection = new Connection({
      host: this.settings.host,
      port: this.settings.port,
      secure: this.implicitTls,
      connection: this.socket,
      // Connecting is done; this one would shorten the others.
      connectionTimeout: this.timeouts.attempt,
      greetingTimeout: this.timeouts.greeting,
      socketTimeout: this.timeouts.socket,
      tls: this.settings.ca ? { ca: this.settings.ca } : undefined,
      logger: { debug: hear, info: hear },
      transactionLog: true,
    });
    return this.connection;
  }

  private async converse(connection: SMTPConnection, message: Message): Promise<string> {
    await settle((done) => connection.connect(done));
    const { username: user, password: pass } = this.settings;
    if (user && connection.allowsAuth) {
      await settle((done) => connection.login({ user, pass, credentials: { user, pass } }, done));
    } else if (user) {
      this.dialogue.note('the server offers no login: going on without');
    }
    const { from, to, content } = message;
    const envelope = { from, to: [to], size: content.length };
    const stream = Readable.from(this.holdBackEnd(connection, content), { objectMode: false });
    const info = await settle<{ response: string }>((done) => connection.send(envelope, stream, done));
    return info.response;
  }

  /** Read only after the server has asked for the message: the stream's end becomes the end of the message. */
  private async *holdBackEnd(connection: SMTPConnection, content: Buffer): AsyncGenerator<Buffer> {
    const socket = connection._socket;
    if (!socket) throw new Error('the connection is gone');
    const written = socket.bytesWritten + content.length;
    yield content;
    while (socket.bytesWritten < written || socket.writableLength > 0) {
      if (socket.destroyed) throw new Error('the connection is gone');
      await delay(5);
    }
    await this.options.handOver?.().catch((error: unknown) => {
      throw ownFailure('EHANDOVER', error);
    });
    this.allowTimeForVerdict();
  }

  private allowTimeForVerdict(): void {
    const { verdict, attempt } = this.timeouts;
    clearTimeout(this.deadline);
    const socket = this.connection?._socket;
    if (socket) socket.setTimeout(verdict);
    this.startDeadline(Math.max(verdict, attempt));
  }

  /** Where commands go out several at once, an error of an early one comes after the replies to all. */
  private findStage({ command, response }: SmtpError): SmtpStage {
    if (command === 'MAIL FROM' || command === 'RCPT TO') return command;
    return (response ? this.dialogue.answeredStage : null) ?? this.dialogue.stage;
  }

  private async quit(): Promise<void> {
    const connection = this.connection;
    if (!connection || connection.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, QUIT_TIMEOUT_MS);
      connection.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
      connection.quit();
    });
  }
}

/** A promise of what nodemailer reports by callback. */
function settle<T = unknown>(start: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}
