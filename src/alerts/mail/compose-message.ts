import type { Mail } from './mail';

/** A mail as it goes over the wire, before dots at the start of lines are doubled. */
export interface Message {
  from: string;
  to: string;
  content: Buffer;
}

/** Nothing but one address: what could start a second one, or a header, is refused. */
const ADDRESS = /^[^\s<>,;\x00-\x20\x7f-\x9f]+@[^\s<>,;@\x00-\x20\x7f-\x9f]+$/u;

/** RFC 5321, 4.5.3.1: 64 characters, the @ and 255 characters. */
const MOST_ADDRESS_CHARACTERS = 320;

/**
 * Puts a mail into MIME: text and HTML as alternatives, UTF-8.
 * @param from `a@example.com` or `Name <a@example.com>`
 * @param to exactly one address, without a name
 * @throws Error naming an address that is none
 */
export async function composeMessage(from: string, to: string, mail: Mail): Promise<Message> {
  const { default: parseAddresses } = await import('nodemailer/lib/addressparser');
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const senders = parseAddresses(from, { flatten: true });
  const [sender] = senders;
  if (senders.length !== 1 || !sender || !isAddress(sender.address)) throw notAnAddress('sender', from);
  if (!isAddress(to)) throw notAnAddress('recipient', to);
  const composer = new MailComposer({
    from: sender,
    to: { name: '', address: to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Every other encoding breaks long lines of a stack trace where the reader sees it.
    textEncoding: 'quoted-printable',
    messageId: mail.messageId,
    inReplyTo: mail.references ?? undefined,
    references: mail.references ?? undefined,
    date: new Date(),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  // The envelope has the domains in the form that DNS takes.
  const envelope = node.getEnvelope();
  return { from: envelope.from || sender.address, to: envelope.to[0] ?? to, content: await node.build() };
}

function isAddress(text: string): boolean {
  return text.length <= MOST_ADDRESS_CHARACTERS && ADDRESS.test(text);
}

function notAnAddress(role: 'sender' | 'recipient', text: string): Error {
  return new Error(`the ${role} ${JSON.stringify(text)} is not one mail address`);
}
