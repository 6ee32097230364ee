import { FIRST_OF_COUNTS, LAST_OF_COUNTS, SECRETS_ANYWHERE, SECRETS_AS_WORDS } from './secret-names';
import { wordsOf } from './words-of-name';

/** Tells by its name whether a value is a secret. */
export interface Scrubber {
  isSecret(name: string): boolean;
  /** Whether a number with this name is one, too: `max_tokens` counts them. */
  isSecretNumber(name: string): boolean;
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
/** Begin like secrets. */
const HARMLESS = /secretar(?:y|ies|ia)/g;
/** Letters, and what joins words, as they hide in addresses (`%61`, `%2561`) and in JSON (`\u0061`). */
const ESCAPED_ASCII = '(?:[46][1-9a-f]|[57][0-9a]|2[de]|5f)';
const ESCAPES = [
  `%(?:25){0,4}(?:${ESCAPED_ASCII}|[c-f][0-9a-f])`,
  `\\\\u(?:00(?:${ESCAPED_ASCII}|[c-f][0-9a-f])|(?!00)[0-9a-f]{4})`,
];

/** What a name says of its value. */
enum Judgement {
  Harmless,
  /** unless it is a number */
  Secret,
  AlwaysSecret,
}

/**
 * @param names further names of secrets: of each, its words are looked for among those of a name
 * @example createScrubber(['customer no']).isSecret('customerNo') // true
 */
export function createScrubber(names: readonly string[] = []): Scrubber {
  const built = SECRETS_AS_WORDS.map(wordsOf);
  const own = names.map(wordsOf).filter((words) => words.length > 0);
  const isOwn = createMatcher(own);
  const isBuilt = createMatcher(built);
  const hints = hintsOf([...SECRETS_ANYWHERE.map(wordsOf), ...built, ...own]);
  const remembered = new Map<string, Judgement>();

  const judge = (name: string): Judgement => {
    const words = wordsOf(name.slice(0, LONGEST_NAME));
    const joined = words.join('');
    if (own.length > 0 && isOwn(words, joined)) return Judgement.AlwaysSecret;
    if (!anywhere.test(joined.replace(HARMLESS, '')) && !isBuilt(words, joined)) return Judgement.Harmless;
    if (words.at(-1) === 'type') return Judgement.Harmless;
    return isOfCount(words) ? Judgement.Secret : Judgement.AlwaysSecret;
  };

  const recall = (name: string): Judgement => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const judged = judge(name);
    if (name.length <= LONGEST_REMEMBERED) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(name, judged);
    }
    return judged;
  };

  return {
    isSecret: (name) => recall(name) !== Judgement.Harmless,
    isSecretNumber: (name) => recall(name) === Judgement.AlwaysSecret,
    findHint(text, from) {
      hints.lastIndex = from;
      const hint = hints.exec(text);
      return hint === null ? null : [hint.index, hints.lastIndex];
    },
  };
}

/** Tells whether one of some names stands in another as words, also with digits behind it. */
function createMatcher(names: readonly string[][]): (words: readonly string[], joined: string) => boolean {
  const single = new Set(names.filter((words) => words.length === 1).flat());
  const several = names.filter((words) => words.length > 1).map((words) => `_${words.join('_')}_`);
  const whole = new Set(names.map((words) => words.join('')));
  const isSingle = (word: string) => single.has(word) || single.has(word.replace(/\d{1,3}$/, ''));
  return (words, joined) => {
    if (whole.has(joined) || words.some(isSingle)) return true;
    const separated = several.length > 0 ? `_${words.join('_')}_` : '';
    return several.some((name) => separated.includes(name));
  };
}

/** @example isOfCount(['max', 'tokens']) // true */
function isOfCount(words: readonly string[]): boolean {
  const [first = '', second] = words;
  if (FIRST_OF_COUNTS.has(first) || (first === 'number' && second === 'of')) return true;
  return LAST_OF_COUNTS.has(words.at(-1) ?? '') || words.includes('tokens');
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
