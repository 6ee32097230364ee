import type { SqlDialect } from '../database/sql-dialect';
import { toStorable } from '../common/storable-text';
import type { Condition } from './error-filter';
import type { Tag } from './error-tags';

/** The filters of a list that are tags: some have parameters of their own. */
export interface TagFilters {
  environment?: string;
  release?: string;
  level?: string;
  user?: string;
  tag?: readonly Tag[];
}

/** So many tags can be given by `name:value`. */
export const MOST_TAGS = 5;
export const LONGEST_NAME = 200;
export const LONGEST_VALUE = 250;

/**
 * The first colon ends the name: `parseTag('url:https://a.example')` has the value `https://a.example`. In the name `\:`
 * is a colon and `\\` a backslash: `parseTag('a\\:b:c')` has the name `a:b`. Null when a part is empty or longer than any
 * that is stored.
 */
export function parseTag(text: string): Tag | null {
  const end = endOfName(text);
  const name = toStorable(text.slice(0, end).replace(/\\([\\:])/g, '$1'));
  const value = toStorable(text.slice(end + 1));
  return end > 0 && isWithin(name, LONGEST_NAME) && isWithin(value, LONGEST_VALUE) ? { name, value } : null;
}

/** Takes the tags out of the filters of a list; each once, and none is undefined. */
export function gatherTags<Rest extends object>(
  filters: TagFilters & Rest,
): Omit<Rest, keyof TagFilters> & { tags?: readonly Tag[] } {
  const { environment, release, level, user, tag = [], ...rest } = filters;
  const named = Object.entries({ environment, release, level, user })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]): Tag => ({ name, value }));
  const tags = new Map([...named, ...tag].map((each) => [JSON.stringify([each.name, each.value]), each]));
  return { ...rest, tags: tags.size > 0 ? [...tags.values()] : undefined };
}

/** Reports of the native API have no tags: theirs is the level `error`, which stands nowhere. */
export function isUsualLevel({ name, value }: Tag): boolean {
  return name === 'level' && value === 'error';
}

/**
 * That an error has all these tags; false when there are none.
 * @param table name or alias of what has the ids of the errors
 */
export function havingTags(
  dialect: SqlDialect,
  tags: readonly Tag[] | undefined,
  table: string,
): Condition | false {
  if (!tags?.length) return false;
  const index = dialect.indexedBy('error_tags_by_value');
  // Looked up error by error: an EXISTS may be joined, which reads all that have the tag and loses the order.
  const one = `1 = (SELECT 1 FROM error_tags ${index} WHERE name = ? AND value = ? AND error_id = ${table}.id)`;
  const level = `(SELECT level FROM errors AS leveled WHERE leveled.id = ${table}.id) IS NULL`;
  return {
    sql: tags.map((tag) => (isUsualLevel(tag) ? `(${one} OR ${level})` : one)).join(' AND '),
    parameters: tags.flatMap(({ name, value }) => [name, value]),
  };
}

/** Where the first colon is that is not escaped; -1 when there is none. */
function endOfName(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ':') return at;
    if (text[at] === '\\' && (text[at + 1] === ':' || text[at + 1] === '\\')) at++;
  }
  return -1;
}

/** Counts characters as the database does. */
function isWithin(text: string, longest: number): boolean {
  return text !== '' && text.length <= longest * 2 && [...text].length <= longest;
}
