import { writeTag } from '../tag-text.js';

/** Tags that the list has a filter of their own for. */
const ownFilters = ['environment', 'release', 'level', 'user'];

/** The list of all errors that had a tag: `toTagAddress('browser', 'Firefox')` is `/?state=all&tag=browser%3AFirefox`. */
export function toTagAddress(name: string, value: string): string {
  const [filter, wanted] = ownFilters.includes(name) ? [name, value] : ['tag', writeTag(name, value)];
  return `/?${new URLSearchParams({ state: 'all', [filter]: wanted }).toString()}`;
}
