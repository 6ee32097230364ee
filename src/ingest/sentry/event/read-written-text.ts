import { cutText, readText } from './read-values';
import { scrubPasswords } from '../scrub/scrub-passwords';

/** An address that begins before the end is read up to its host, which tells that it has a password. */
const LONGEST_ADDRESS = 500;

/**
 * A text that people wrote, without the passwords in its addresses; null when it is none.
 * @example readWrittenText('no answer of redis://:secret@a', 100) // 'no answer of redis://:[removed]@a'
 */
export function readWrittenText(value: unknown, longest: number): string | null {
  const text = readText(value, longest + LONGEST_ADDRESS);
  return text === null ? null : cutText(scrubPasswords(text), longest);
}
