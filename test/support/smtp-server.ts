import type { AddressInfo } from 'node:net';
import type { ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';

export interface TestSmtpServer {
  port: number;
  /** what arrived so far, in order */
  mails: ParsedMail[];
  /** for each mail, from whom and to whom it was passed on */
  envelopes: { from: string; to: string[] }[];
  /** resolves when so many mails have arrived */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A real mail server on a free port of 127.0.0.1 that takes every mail unless `options` say otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const mails: ParsedMail[] = [];
  const envelopes: TestSmtpServer['envelopes'] = [];
  let onMail = () => {};
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail);
          const { mailFrom, rcptTo } = session.envelope;
          envelopes.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
          });
          done();
          onMail();
        },
        (error: unknown) => done(error as Error),
      );
    },
  });
  // Clients that break off on purpose are part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    envelopes,
    received: (count) =>
      new Promise((resolve) => {
        onMail = () => {
          if (mails.length >= count) resolve();
        };
        onMail();
      }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
