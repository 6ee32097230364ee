import { scrubNamed } from './scrub-named';
import { scrubPasswords } from './scrub-passwords';
import type { Scrubber } from './scrubber';

/**
 * Takes secrets out of addresses, alone or in a text that people wrote: values of parameters by their names, in query and
 * fragment, and passwords before the host. Linear in the length of the text.
 * @example scrubAddress('https://a.example/b?token=1&x=2', scrubber) // 'https://a.example/b?token=[removed]&x=2'
 */
export function scrubAddress(text: string, scrubber: Scrubber): string {
  return scrubNamed(scrubPasswords(text), scrubber, 'parameters');
}
