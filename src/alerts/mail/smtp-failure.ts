import type { SmtpStage } from './smtp-dialogue';

/** An error of nodemailer or of the system. */
export interface SmtpError extends Error {
  code?: string;
  /** the system's code where `code` is nodemailer's */
  originalCode?: string;
  /** the server's reply, where there was one */
  response?: string;
  responseCode?: number;
  /** the command that failed, `CONN` outside of any */
  command?: string;
}

export interface SmtpFailure {
  error: SmtpError;
  /** what was waited for, or what the server's reply was to */
  stage: SmtpStage;
  bytesReceived: number;
  implicitTls: boolean;
  /** whether the dialogue was encrypted by then */
  encrypted: boolean;
  /** whether there is a user name to log in with */
  withLogin: boolean;
}

export interface Explanation {
  cause: string;
  /** what the operator may do about it, in one sentence */
  hint: string | null;
  /** whether another attempt would fail too */
  permanent: boolean;
}

/** Failures of the steps that are ours, by the code that `ownFailure` gives them. */
export const OWN_FAILURES = {
  EADDRESS: {
    cause: 'there is nobody to send to or from',
    hint: 'SMTP_FROM and every recipient must be one mail address.',
    permanent: true,
  },
  EHANDOVER: {
    cause: 'the mail was held back just before its end, since that could not be noted down',
    hint: null,
    permanent: false,
  },
  EATTEMPT: {
    cause: 'the attempt took too long',
    hint: 'The server answers too slowly; its log may say why.',
    permanent: false,
  },
} satisfies Record<string, Explanation>;

export function ownFailure(code: keyof typeof OWN_FAILURES, reason: unknown): SmtpError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return Object.assign(new Error(message, { cause: reason }), { code });
}

/** The error in one piece: nodemailer's words, the server's reply or else the system's code. */
export function describeSmtpError(error: SmtpError): string {
  const { response } = error;
  if (response) {
    // Nodemailer quotes the reply once or twice.
    const words = error.message.split(response, 1)[0] ?? '';
    return `${words.replace(/[.:]? (response=)?$/, '')}: ${response}`;
  }
  const code = error.originalCode ?? error.code ?? '';
  // `80CC9F10507F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/…:350:`
  const words = error.message.replace(/^[0-9A-F]+:error:(?:[^:]*:){3}([^:]*):.*$/s, '$1');
  return code === '' || isOwn(code) || words.includes(code) ? words : `${words} (${code})`;
}

export function isOwn(code: string): code is keyof typeof OWN_FAILURES {
  return Object.hasOwn(OWN_FAILURES, code);
}
