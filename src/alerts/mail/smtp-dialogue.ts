import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';

/** One line of a dialogue with a mail server, fit to be shown: no control characters, no password. */
export interface SmtpStep {
  direction: 'note' | 'client' | 'server';
  text: string;
}

/** What is being waited for. `message` is the time in which it is sent, `end of message` the server's word on it. */
export type SmtpStage =
  | 'address'
  | 'connection'
  | 'TLS'
  | 'greeting'
  | 'EHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL FROM'
  | 'RCPT TO'
  | 'DATA'
  | 'message'
  | 'end of message'
  | 'QUIT';

const STAGES_BY_VERB: Record<string, SmtpStage> = {
  EHLO: 'EHLO',
  HELO: 'EHLO',
  STARTTLS: 'STARTTLS',
  MAIL: 'MAIL FROM',
  RCPT: 'RCPT TO',
  DATA: 'DATA',
  QUIT: 'QUIT',
  '.': 'end of message',
};

/** What nodemailer passes to its logger. */
interface LogEntry {
  tnx?: string;
  remoteAddress?: string;
  outByteCount?: number;
}

/** Follows a dialogue through nodemailer's log: what the server owes an answer to, and every step in words. */
export class SmtpDialogue {
  /** Commands go out several at once when the server can take them so. */
  private readonly awaited: SmtpStage[] = [];
  private current: SmtpStage = 'address';
  private answered: SmtpStage | null = null;
  private lastReply = '';
  private tlsNoted = false;

  /**
   * @param clean makes one line of a text from outside, without secrets
   */
  constructor(
    private readonly clean: (text: string) => string,
    private readonly onStep: (step: SmtpStep) => void,
  ) {}

  /** What is waited for now. */
  get stage(): SmtpStage {
    return this.awaited[0] ?? this.current;
  }

  /** What the server answered last, `null` before the greeting. */
  get answeredStage(): SmtpStage | null {
    return this.answered;
  }

  enter(stage: SmtpStage): void {
    this.current = stage;
  }

  note(text: string): void {
    this.step('note', text);
  }

  /** @param socket the one that is spoken through at the moment */
  hear(entry: LogEntry, message: string, socket: Socket | false | null): void {
    const established = entry.tnx === 'network' && entry.remoteAddress !== undefined;
    if (established) this.current = 'greeting';
    if (established || entry.tnx === 'client' || entry.tnx === 'server') this.noteTls(socket);
    if (entry.tnx === 'client') this.hearCommand(message);
    if (entry.tnx === 'server') this.hearReply(message);
    if (entry.tnx === 'message') this.hearEndOfMessage(entry.outByteCount ?? 0);
  }

  private noteTls(socket: Socket | false | null): void {
    if (this.tlsNoted || !(socket instanceof TLSSocket)) return;
    this.tlsNoted = true;
    const trust = socket.authorized ? 'certificate verified' : 'certificate NOT verified';
    this.note(`TLS established (${socket.getProtocol() ?? 'unknown version'}, ${trust})`);
  }

  private hearCommand(command: string): void {
    const [verb = '', argument] = command.split(' ');
    if (verb === 'AUTH') {
      this.awaited.push('AUTH');
      this.step('client', command === `AUTH ${argument ?? ''}` ? command : `AUTH ${argument ?? ''} ***`);
    } else if (this.lastReply.startsWith('334')) {
      this.awaited.push('AUTH');
      this.step('client', '***');
    } else {
      this.awaited.push(STAGES_BY_VERB[verb] ?? 'EHLO');
      this.step('client', command);
    }
  }

  private hearReply(reply: string): void {
    this.lastReply = reply;
    this.answered = this.stage;
    this.awaited.shift();
    if (this.answered === 'STARTTLS' && reply.startsWith('2')) this.current = 'TLS';
    if (this.answered === 'DATA') this.current = 'message';
    for (const line of reply.split('\n')) this.step('server', line);
  }

  private hearEndOfMessage(bytes: number): void {
    this.awaited.push('end of message');
    this.step('client', `(message of ${bytes} bytes)`);
  }

  private step(direction: SmtpStep['direction'], text: string): void {
    this.onStep({ direction, text: this.clean(text) });
  }
}
