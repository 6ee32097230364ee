import { scrubNamed } from './scrub-named';
import { scrubPasswords } from './scrub-passwords';
import type { Scrubber } from './scrubber';

/**
 * Takes secrets out of a text, whatever it is: a form, an address, cookies, headers, JSON or XML, also as a text in JSON,
 * or an object as a language prints it, also when it was cut in the middle. Where a value ends is not always clear, and
 * then rather more is removed. Linear in the length of the text, and quick where no name is that of a secret.
 * @example scrubText("{'user': 'ada', 'password': 'x'}", scrubber) // "{'user': 'ada', 'password': '[removed]'}"
 */
export function scrubText(text: string, scrubber: Scrubber): string {
  return scrubNamed(scrubPasswords(text), scrubber, 'any');
}

/**
 * The same for the body of a request; when that is a form, only `&` stands between its members.
 * @example scrubBody('password=a;b=c&d=1', scrubber) // 'password=[removed]&d=1'
 */
export function scrubBody(text: string, scrubber: Scrubber): string {
  return scrubNamed(scrubPasswords(text), scrubber, 'form');
}
