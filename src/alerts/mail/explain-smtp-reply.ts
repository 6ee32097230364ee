import type { Explanation, SmtpFailure } from './smtp-failure';
import type { SmtpStage } from './smtp-dialogue';

/** What listens on a port that no mail server listens on, by the first thing it says. */
const OTHER_PROTOCOLS: [RegExp, string][] = [
  [/^HTTP\//i, 'HTTP'],
  [/^SSH-/, 'SSH'],
  [/^\* (OK|BYE|PREAUTH)/i, 'IMAP'],
  [/^\+OK|^-ERR/, 'POP3'],
];

/** Replies about how the dialogue goes, which have nothing against the mail. */
const NOT_ABOUT_THE_MAIL = [503, 530, 534, 535, 538];

/** @param reply what the server said to `failure.stage`, one or more lines */
export function explainReply(failure: SmtpFailure, reply: string): Explanation {
  const code = failure.error.responseCode ?? 0;
  const { stage } = failure;
  if (stage === 'greeting') return explainGreeting(code, reply);
  const permanent = code >= 500 && code < 600 && isAboutMail(stage) && !NOT_ABOUT_THE_MAIL.includes(code);
  const { cause, hint = null } =
    explainLogin(failure, code, reply) ??
    explainPutOff(code, stage, reply) ??
    explainRefusal(code, stage, reply);
  return { cause, hint, permanent };
}

interface CauseAndHint {
  cause: string;
  hint?: string;
}

function explainGreeting(code: number, reply: string): Explanation {
  const protocol = OTHER_PROTOCOLS.find(([start]) => start.test(reply))?.[1];
  if (protocol) return greeting(`this is no mail server: it speaks ${protocol}`, 'Is SMTP_PORT right?');
  if (code === 421) return greeting('the server takes no connections at the moment', null);
  if (code >= 400 && code < 600)
    return greeting(
      'the server takes no connections from here',
      'Its operator can say why it refuses this address.',
    );
  return greeting('this is no mail server: its greeting is not SMTP', 'Is SMTP_PORT right?');
}

function greeting(cause: string, hint: string | null): Explanation {
  return { cause, hint, permanent: false };
}

function isAboutMail(stage: SmtpStage): boolean {
  return ['MAIL FROM', 'RCPT TO', 'DATA', 'message', 'end of message'].includes(stage);
}

function explainLogin(
  { stage, encrypted, withLogin }: SmtpFailure,
  code: number,
  reply: string,
): CauseAndHint | null {
  if (
    code === 538 ||
    (code === 530 && !encrypted && (/STARTTLS|\bTLS\b|encrypt/i.test(reply) || !/auth/i.test(reply)))
  )
    return {
      cause: 'the server demands TLS',
      hint: 'It does not offer STARTTLS on this port: try 587 or 465.',
    };
  if (code === 530)
    return {
      cause: 'the server demands a login',
      hint: withLogin
        ? 'It offered no login over this connection: try port 587 or 465.'
        : 'Set SMTP_USERNAME and SMTP_PASSWORD.',
    };
  if (stage !== 'AUTH') return null;
  if (code === 535 || code === 534)
    return {
      cause: 'the login was refused',
      hint: 'Are SMTP_USERNAME and SMTP_PASSWORD right? Some providers want a password made for the program.',
    };
  if (code >= 400 && code < 500)
    return { cause: 'the login is not possible at the moment', hint: 'The server asks to try again later.' };
  return { cause: 'the login failed', hint: 'Does the server allow logging in by user name and password?' };
}

function explainPutOff(code: number, stage: SmtpStage, reply: string): CauseAndHint | null {
  if (code < 400 || code >= 500) return null;
  if (/gr[ea]y-?list/i.test(reply))
    return {
      cause: 'the server puts off mails of unknown senders (greylisting)',
      hint: 'A later attempt will do.',
    };
  if (code === 421) return { cause: `the server ended the dialogue at ${stage}` };
  return { cause: `the server put off ${stage}`, hint: 'It asks to try again later.' };
}

function explainRefusal(code: number, stage: SmtpStage, reply: string): CauseAndHint {
  if (code === 552 || /\b5\.3\.4\b/.test(reply))
    return { cause: 'the mail is larger than the server or mailbox takes' };
  if (stage === 'STARTTLS') return { cause: 'the server offers STARTTLS and refuses it' };
  if (stage === 'MAIL FROM')
    return {
      cause: 'the sender was refused',
      hint: 'SMTP_FROM must be an address that this server lets one send as.',
    };
  if (stage === 'RCPT TO')
    return /relay/i.test(reply)
      ? {
          cause: 'the server does not pass mail on to this recipient',
          hint: 'It may want a login (SMTP_USERNAME, SMTP_PASSWORD).',
        }
      : { cause: 'the recipient was refused', hint: 'Is the address right?' };
  if (stage === 'DATA') return { cause: 'the server did not want the message' };
  if (stage === 'end of message')
    return { cause: 'the message was refused', hint: 'The server may take it for spam, or for too large.' };
  return { cause: `the server gave no proper answer to ${stage}` };
}
