/** What is kept of a text that came from a mail server. */
const MOST_CHARACTERS = 500;

/**
 * Makes what a mail server said, or an error that quotes it, fit for logs: one line of at most 500 characters without
 * control characters, and without the password in any of the forms it is sent in.
 */
export function createTextCleaner(username?: string, password?: string): (text: string) => string {
  const secrets = password ? listSecrets(username ?? '', password) : [];
  const pattern = secrets.length > 0 ? new RegExp(secrets.map(escapePattern).join('|'), 'gi') : null;
  return (text) => cut(flatten(pattern ? text.replace(pattern, '***') : text));
}

/** Longest first: the shorter may stand within the longer. */
function listSecrets(username: string, password: string): string[] {
  const encoded = [`\0${username}\0${password}`, password, username].map((text) =>
    Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, ''),
  );
  return [password, ...encoded].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** C0 and C1 controls, direction marks and the Unicode line separators become spaces. */
function flatten(text: string): string {
  return text
    .replace(/[\x00-\x20\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .toWellFormed();
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…` : text;
}
