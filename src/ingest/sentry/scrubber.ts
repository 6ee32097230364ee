import { SECRETS_ANYWHERE, SECRETS_AS_WORDS } from './secret-names';

/** Tells by its name whether a value is a secret. */
export interface Scrubber {
  isSecret(name: string): boolean;
  /**
   * Where in a text the next name may be that of a secret: `[from, to)` is the part that says so, such as `pin` of
   * `spinner`; null when there is none. Much quicker than to judge every name.
   */
  findHint(text: string, from: number): [from: number, to: number] | null;
}

/** Stands where a secret was. */
export const REMOVED = '[removed]';

/** The names in events are the same few hundred over and over; a client that invents some shall not fill the memory. */
const MOST_REMEMBERED = 5_000;
const LONGEST_REMEMBERED = 100;
/** Of a longer name, what is looked at. */
const LONGEST_NAME = 500;

const anywhere = new RegExp(SECRETS_ANYWHERE.map((name) => name.replaceAll(' ', '')).join('|'));
/** Letters, and what joins words, as they hide in addresses (`%61`, `%2561`) and in JSON (`\u0061`). */
const ESCAPED_ASCII = '(?:[46][1-9a-f]|[57][0-9a]|2[de]|5f)';
const ESCAPES = [
  `%(?:25){0,4}(?:${ESCAPED_ASCII}|[c-f][0-9a-f])`,
  `\\\\u(?:00(?:${ESCAPED_ASCII}|[c-f][0-9a-f])|(?!00)[0-9a-f]{4})`,
];
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
  const hints = hintsOf([...SECRETS_ANYWHERE.map(wordsOf), ...wanted]);
  const remembered = new Map<string, boolean>();

  const isSingle = (word: string) => single.has(word) || single.has(word.replace(/\d{1,3}$/, ''));
  const judge = (name: string): boolean => {
    const words = wordsOf(name.slice(0, LONGEST_NAME));
    const joined = words.join('');
    if (anywhere.test(joined) || whole.has(joined) || words.some(isSingle)) return true;
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
    findHint(text, from) {
      hints.lastIndex = from;
      const hint = hints.exec(text);
      return hint === null ? null : [hint.index, hints.lastIndex];
    },
  };
}

/** Without what is found by a shorter one: `secret` finds `secret key`. */
function hintsOf(names: readonly string[][]): RegExp {
  const patterns = new Set(names.map((words) => words.map(escapeForPattern).join('[^a-z]{0,3}')));
  const needed = [...patterns].filter(
    (pattern) => ![...patterns].some((other) => other !== pattern && pattern.includes(other)),
  );
  return new RegExp([...ESCAPES, ...needed].join('|'), 'gi');
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
