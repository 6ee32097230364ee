import { explainReply } from './explain-smtp-reply';
import { Explanation, isOwn, OWN_FAILURES, SmtpFailure } from './smtp-failure';

/**
 * Says in one line what an attempt to send failed of, and what may help.
 * @example explainSmtpFailure({ error: ECONNREFUSED, stage: 'connection', … }).cause // 'nobody listens there'
 */
export function explainSmtpFailure(failure: SmtpFailure): Explanation {
  const { error } = failure;
  const code = error.originalCode ?? error.code ?? '';
  if (isOwn(code)) return OWN_FAILURES[code];
  if (error.response) return explainReply(failure, error.response);
  if (code === 'EMESSAGE') return TOO_LARGE_FOR_SERVER;
  return (
    explainName(code) ??
    explainCertificate(code) ??
    explainTlsMismatch(failure, code) ??
    explainUnreachable(failure, code) ??
    explainSilence(failure, code) ??
    explainClose(failure, code) ??
    passing('the mail could not be sent')
  );
}

const TOO_LARGE_FOR_SERVER: Explanation = {
  cause: 'the mail is larger than the server takes',
  hint: null,
  permanent: true,
};

function explainName(code: string): Explanation | null {
  if (code === 'ENOTFOUND' || code === 'ENODATA')
    return passing('the name of the mail server is not known', 'Is SMTP_HOST spelt right?');
  if (code === 'EAI_AGAIN' || code === 'EDNS')
    return passing(
      'the name of the mail server could not be looked up',
      'Does name resolution (DNS) work here?',
    );
  return null;
}

function explainCertificate(code: string): Explanation | null {
  if (code === 'CERT_HAS_EXPIRED') return passing("the server's certificate has expired", RENEW);
  if (code === 'CERT_NOT_YET_VALID')
    return passing("the server's certificate is not valid yet", 'Is the clock right here?');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return passing(
      "the server's certificate is for another name",
      'SMTP_HOST must be a name that stands in the certificate.',
    );
  if (UNTRUSTED.test(code))
    return passing(
      "the server's certificate is not trusted",
      'Name the file with the authority that signed it in NODE_EXTRA_CA_CERTS and restart.',
    );
  return null;
}

const RENEW = 'Its operator has to renew it.';
const UNTRUSTED =
  /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA/;

function explainTlsMismatch({ error, implicitTls }: SmtpFailure, code: string): Explanation | null {
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    /wrong version number|packet length too long/i.test(error.message)
  )
    return passing(
      'the server does not speak TLS there',
      implicitTls ? PLAIN_PORT : 'It offers STARTTLS and then does not start TLS.',
    );
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' || code === 'ETLS')
    return passing('TLS could not be established', null);
  return null;
}

const PLAIN_PORT =
  'Port 465 is spoken to in TLS from the first byte: a server that starts plainly listens on 587 or 25.';
const TLS_PORT =
  'The port may expect TLS from the first byte (use 465), or something else than a mail server listens.';

function explainUnreachable({ stage }: SmtpFailure, code: string): Explanation | null {
  if (code === 'ECONNREFUSED')
    return passing(
      'nobody listens there',
      'Are SMTP_HOST and SMTP_PORT right, and is the mail server running?',
    );
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL')
    return passing('no way leads to the mail server', 'Is SMTP_HOST right, and does the network reach it?');
  if (code !== 'ETIMEDOUT') return null;
  if (stage === 'address')
    return passing(
      'the name of the mail server could not be looked up in time',
      'Does name resolution (DNS) work here?',
    );
  if (stage === 'connection')
    return passing(
      'no connection in time',
      'A firewall may drop it (many networks block port 25), or SMTP_HOST is wrong.',
    );
  return null;
}

function explainSilence(failure: SmtpFailure, code: string): Explanation | null {
  const { stage, bytesReceived, implicitTls } = failure;
  if (code !== 'ETIMEDOUT') return null;
  if (stage === 'greeting')
    return bytesReceived === 0
      ? passing('the server took the connection and said nothing', TLS_PORT)
      : passing('the server never finished its greeting', null);
  if (stage === 'TLS')
    return passing('the server did not answer the start of TLS', implicitTls ? PLAIN_PORT : null);
  if (stage === 'message') return passing('the server stopped taking the message', null);
  return passing(`no answer to ${stage}`, stage === 'end of message' ? MAYBE_TAKEN : null);
}

const MAYBE_TAKEN = 'The server had the whole mail: it may arrive all the same.';

function explainClose({ stage, implicitTls }: SmtpFailure, code: string): Explanation | null {
  if (!['ECONNECTION', 'ECONNRESET', 'EPIPE', 'ESOCKET'].includes(code)) return null;
  if (stage === 'greeting')
    return passing(
      'the server closed the connection before it greeted',
      'It may not take connections from here, or it expects TLS from the first byte (use port 465).',
    );
  if (stage === 'TLS')
    return passing('the server closed the connection when TLS was to start', implicitTls ? PLAIN_PORT : null);
  if (stage === 'message')
    return passing('the server closed the connection while the message was sent', null);
  return passing(
    `the server closed the connection instead of answering ${stage}`,
    stage === 'end of message' ? MAYBE_TAKEN : null,
  );
}

function passing(cause: string, hint: string | null = null): Explanation {
  return { cause, hint, permanent: false };
}
