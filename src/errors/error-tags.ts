/** A value that some report of an error had: `{ name: 'environment', value: 'production' }`. */
export interface Tag {
  name: string;
  value: string;
}

/** Of each tag of an error so many values are kept: those of a request id, say, would have no end. */
export const MOST_VALUES_OF_A_TAG = 500;

/** Of all tags of an error so many values are kept: names that are made up would have no end either. */
export const MOST_TAGS_OF_AN_ERROR = 10_000;

/** @param list JSON of pairs, as in `ReportDetails` */
export function parseTags(list: string): [name: string, value: string][] {
  return JSON.parse(list) as [string, string][];
}
