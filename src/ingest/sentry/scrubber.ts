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

const words = /[^\p{L}\p{N}]+/u;
const humps = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

/**
 * @param names further names of secrets: of each, its words are looked for among those of a name
 * @example createScrubber(['customer no']).isSecret('customerNo') // true
 */
export function createScrubber(names: readonly string[] = []): Scrubber {
  const wanted = [...SECRETS_AS_WORDS, ...names].map(wordsOf).filter((list) => list.length > 0);
  const asWords = wanted.map((list) => `_${list.join('_')}_`);
  const whole = new Set(wanted.map((list) => list.join('')));
  const remembered = new Map<string, boolean>();

  const judge = (name: string): boolean => {
    const list = wordsOf(name.slice(0, LONGEST_NAME));
    const joined = list.join('');
    const separated = `_${list.join('_')}_`;
    return (
      whole.has(joined) ||
      SECRETS_ANYWHERE.some((secret) => joined.includes(secret)) ||
      asWords.some((secret) => separated.includes(secret))
    );
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
  return name
    .split(words)
    .flatMap((part) => part.split(humps))
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}
