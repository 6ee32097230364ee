import { SECRETS_ANYWHERE, SECRETS_AS_WORDS } from './secret-names';

/** Tells by its name whether a value is a secret. */
export interface Scrubber {
  isSecret(name: string): boolean;
}

/** Stands where a secret was. */
export const REMOVED = '[removed]';

/** The names in events are the same few hundred over and over; a client that invents some shall not fill the memory. */
const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 100;
/** Of a longer name, what is looked at. */
const LONGEST_NAME = 500;

const anywhere = new RegExp(SECRETS_ANYWHERE.join('|'));
const beyondAscii = /[^\0-\x7f]/;
const betweenWords = /[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

/**
 * @param names further names of secrets: of each, its words are looked for among those of a name
 * @example createScrubber(['customer no']).isSecret('customerNo') // true
 */
export function createScrubber(names: readonly string[] = []): Scrubber {
  const wanted = [...SECRETS_AS_WORDS, ...names].map(wordsOf).filter((words) => words.length > 0);
  const single = new Set(wanted.filter((words) => words.length === 1).flat());
  const several = wanted.filter((words) => words.length > 1).map((words) => `_${words.join('_')}_`);
  const whole = new Set(wanted.map((words) => words.join('')));
  const remembered = new Map<string, boolean>();

  const judge = (name: string): boolean => {
    const words = wordsOf(name.slice(0, LONGEST_NAME));
    const joined = words.join('');
    if (anywhere.test(joined) || whole.has(joined) || words.some((word) => single.has(word))) return true;
    const separated = several.length > 0 ? `_${words.join('_')}_` : '';
    return several.some((secret) => separated.includes(secret));
  };

  return {
    isSecret(name) {
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const judged = judge(name);
      if (name.length <= LONGEST_REMEMBERED) {
        if (remembered.size >= MOST_REMEMBERED) remembered.clear();
        remembered.set(name, judged);
      }
      return judged;
    },
  };
}

/** @example wordsOf('X-Api_userPin') // ['x', 'api', 'user', 'pin'] */
function wordsOf(name: string): string[] {
  const words = beyondAscii.test(name) ? name.split(betweenWords) : splitAscii(name);
  return words.filter((word) => word !== '').map((word) => word.toLowerCase());
}

/** The same as by `betweenWords`, in a tenth of its time. */
function splitAscii(name: string): string[] {
  const words: string[] = [];
  let start = 0;
  let wasLow = false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    const isCapital = code >= 0x41 && code <= 0x5a;
    const isLow = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (!isCapital && !isLow) {
      words.push(name.slice(start, at));
      start = at + 1;
    } else if (isCapital && wasLow) {
      words.push(name.slice(start, at));
      start = at;
    }
    wasLow = isLow;
  }
  words.push(name.slice(start));
  return words;
}
