import { cutText, isUnsafeName, noteCut, readPairs, readText } from './read-values';
import type { Reading } from './reading';
import { scrubText } from '../scrub/scrub-text';
import { REMOVED, type Scrubber } from '../scrub/scrubber';

/** What errors are found by besides tags of clients; no tag of theirs stands in for one. */
const OWN_NAMES = ['environment', 'release', 'level', 'user'] as const;
type OwnTags = Record<(typeof OWN_NAMES)[number], string | null>;

const LONGEST = 200;
/** Of those, whole: what an occurrence shows leads to the list of errors that had it. */
const LONGEST_OWN = 250;
const MOST_READ = 1_000;
const MOST_SHOWN = 100;
const MOST_FOUND_BY = 50;

/** Tags without empty ones and without secrets; of two with the same name the later. */
export function readTags(sent: unknown, { scrubber, cut }: Reading): Map<string, string> {
  const tags = new Map<string, string>();
  const pairs = readPairs(sent, MOST_READ);
  for (const [written, value] of pairs) {
    const name = toLine(written);
    const text = readText(value, 2 * LONGEST) ?? '';
    if (name === '' || isUnsafeName(name) || text.trim() === '') continue;
    if (tags.size >= MOST_SHOWN) {
      cut.add('tags');
      break;
    }
    tags.set(name, text);
  }
  if (pairs.length === MOST_READ) cut.add('tags');
  // Of the same name only the last is looked through.
  for (const [name, text] of tags) tags.set(name, scrubTag(name, text, scrubber));
  return tags;
}

function scrubTag(name: string, text: string, scrubber: Scrubber): string {
  return scrubber.isSecret(name) ? REMOVED : toLine(scrubText(text, scrubber));
}

/**
 * JSON of the pairs that an error is found by, as in `ReportDetails`.
 * @param cut gets what was left out or cut, also before
 */
export function writeTags(tags: ReadonlyMap<string, string>, own: OwnTags, cut: Set<string>): string {
  const pairs: [string, string][] = [];
  for (const name of OWN_NAMES) {
    const value = toLine(own[name] ?? '', LONGEST_OWN);
    noteCut(value, LONGEST_OWN, name, cut);
    if (value !== '') pairs.push([name, value]);
  }
  let count = 0;
  for (const [name, value] of tags) {
    noteCut(name, LONGEST, 'tags', cut);
    noteCut(value, LONGEST, 'tags', cut);
    if ((OWN_NAMES as readonly string[]).includes(name)) continue;
    if (count >= MOST_FOUND_BY) {
      cut.add('tags');
      break;
    }
    pairs.push([name, value]);
    count += 1;
  }
  return JSON.stringify(pairs);
}

/** The same text without line breaks, and no longer. */
export function toLine(text: string, longest = LONGEST): string {
  const line = /[\r\n\u2028\u2029]/.test(text) ? text.replace(/[\r\n\u2028\u2029]+/g, ' ') : text;
  return cutText(line.trim(), longest);
}
