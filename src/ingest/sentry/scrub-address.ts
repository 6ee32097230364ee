import { REMOVED, type Scrubber } from './scrubber';

const parameter = /([?&#;])([^?&#;=\s"'<>]{1,100})=([^&#;\s"'<>]*)/g;
const password = /(:\/\/[^/?#@:\s"'<>]{0,200}):[^/?#@\s"'<>]{1,200}@/g;

/**
 * Takes secrets out of addresses, alone or in a text: values of parameters by their names, in query and fragment, and
 * passwords before the host. Linear in the length of the text.
 * @example scrubAddress('https://a.example/b?token=1&x=2', scrubber) // 'https://a.example/b?token=[removed]&x=2'
 */
export function scrubAddress(text: string, scrubber: Scrubber): string {
  const hasPassword = text.includes('@') && text.includes('://');
  const address = hasPassword ? text.replace(password, `$1:${REMOVED}@`) : text;
  if (!address.includes('=')) return address;
  return address.replace(parameter, (written, lead: string, name: string, value: string) =>
    value !== '' && scrubber.isSecret(decode(name)) ? `${lead}${name}=${REMOVED}` : written,
  );
}

/**
 * The same for a query on its own.
 * @example scrubQuery('a=1&token=2', scrubber) // 'a=1&token=[removed]'
 */
export function scrubQuery(query: string, scrubber: Scrubber): string {
  return scrubAddress(`?${query}`, scrubber).slice(1);
}

function decode(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
