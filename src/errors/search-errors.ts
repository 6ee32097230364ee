import { type ErrorFilter, hasRange, streamFor } from './error-filter';
import { highestFirst, isAfter, type Place, type Sort } from './list-cursor';
import {
  type Candidates,
  type Fitting,
  isExact,
  type ListStatements,
  type Start,
  TOP,
} from './list-statements';

/** So many errors are looked at one by one and counted exactly: 5 µs each. */
export const FEW = 2_000;
/** Up to so many candidates it is faster to list them all than to read texts until enough have been found. */
export const MANY = 10_000;
/** Of a text that is found in more, so many are counted: who looks for something narrows the search before that. */
export const MOST_COUNTED = 1_001;
/** Texts of the newest errors read to count a frequent text, 2 µs each; and as many as it may take to fill the page. */
const TEXTS_READ_TO_COUNT = 2_500;
const TEXTS_READ_TO_FILL = 10_000;
/** Texts of one or two characters have no piece in the index; they are looked for in the newest errors only. */
const NEWEST_SEARCHED = 10_000;
/** Each piece costs the time to read its list, up to 5 ms; more pieces of a long text tell little more. */
const MOST_PIECES = 6;

interface Hits {
  /** in the order of the list */
  places: Place[];
  /** there are no more after these */
  complete: boolean;
}

export interface Search {
  /** Finds hits: at least `needed` when there are so many, and up to `wanted` when they come cheaply. */
  find: (start: Start, needed: number, wanted: number) => Promise<Hits>;
  /** how many hits are cheap to count */
  countable: number;
  /** only so many of the errors that fit were searched */
  searchedNewest?: number;
}

/**
 * Chooses how to find the errors that fit and contain a text, by how many fit and how many the search index gives.
 * @param text folded
 * @param fitting how many errors fit, the search left aside
 */
export async function planSearch(
  statements: ListStatements,
  filter: ErrorFilter,
  sort: Sort,
  text: string,
  fitting: Fitting,
): Promise<Search> {
  if (fitting.most <= FEW) return searchThrough(await statements.listAll(filter, fitting, sort, text));
  const pieces = piecesOf(text);
  if (pieces.length === 0) return searchNewest(statements, filter, sort, text, fitting);
  const searched = { text, pieces };
  const candidates = await statements.findCandidates(searched, MANY + 1);
  // In another order than that of the range, what lies in the range may be anywhere.
  const few = sort !== 'last_seen' && hasRange(filter) ? MANY : FEW;
  if (candidates.n <= few) {
    return searchThrough(await statements.listCandidates(candidates, text, filter, sort));
  }
  if (fitting.most <= NEWEST_SEARCHED) return searchNewest(statements, filter, sort, text, fitting);
  const stream = streamFor(filter, sort, isExact(fitting));
  const findAmong = async (among: Candidates | null, start: Start, wanted: number): Promise<Hits> => {
    const places = await statements.walkCandidates(stream, filter, among, searched, start, wanted);
    return { places, complete: places.length < wanted };
  };
  if (candidates.n <= MANY) {
    return {
      find: (start, _needed, wanted) => findAmong(candidates, start, wanted),
      // One hit in twenty keeps the walk within a twentieth of the errors.
      countable: Math.ceil(candidates.n / 20),
    };
  }
  const read = async (texts: number, start: Start, wanted: number): Promise<Hits> => {
    const places = await statements.walkTexts(stream, filter, text, texts, start, wanted);
    return { places, complete: places.length < wanted && fitting.most <= texts };
  };
  return {
    find: async (start, needed, wanted) => {
      let hits = await read(TEXTS_READ_TO_COUNT, start, wanted);
      if (hits.places.length < needed) hits = await read(TEXTS_READ_TO_FILL, start, needed);
      return hits.places.length < needed ? findAmong(null, start, needed) : hits;
    },
    countable: MOST_COUNTED,
  };
}

function searchThrough(hits: Place[]): Search {
  hits.sort(highestFirst);
  return {
    find: (start, _needed, wanted) =>
      Promise.resolve({ places: takeFrom(hits, start, wanted), complete: true }),
    countable: Infinity,
  };
}

function searchNewest(
  statements: ListStatements,
  filter: ErrorFilter,
  sort: Sort,
  text: string,
  fitting: Fitting,
): Search {
  // The newest in any order of the list: those that are seen last are what people look for.
  const stream = streamFor(filter, 'last_seen');
  const read = (most: number) => statements.walkTexts(stream, filter, text, NEWEST_SEARCHED, TOP, most, sort);
  const complete = fitting.most <= NEWEST_SEARCHED;
  let all: Place[] | undefined;
  return {
    find: async (start, _needed, wanted) => {
      if (start === TOP && sort === 'last_seen' && !complete && !all)
        return { places: await read(wanted), complete };
      all ??= (await read(NEWEST_SEARCHED)).sort(highestFirst);
      return { places: takeFrom(all, start, Infinity), complete };
    },
    countable: MOST_COUNTED,
    searchedNewest: complete ? undefined : NEWEST_SEARCHED,
  };
}

/** The part of a list from a start on. */
export function takeFrom(places: Place[], { after, skip }: Start, limit: number): Place[] {
  const from = places.findIndex((place) => isAfter(place, after));
  return from < 0 ? [] : places.slice(from + skip, from + skip + limit);
}

/**
 * Runs of three characters, each once: `piecesOf('abcd') // ['abc', 'bcd']`. Of a long text some, evenly spread: first
 * of those across two words, which are the rarest, then of the others.
 */
export function piecesOf(text: string): string[] {
  const characters = [...text];
  const runs = characters
    .slice(2)
    .map((last, i) => `${characters[i] ?? ''}${characters[i + 1] ?? ''}${last}`);
  const pieces = [...new Set(runs)];
  if (pieces.length <= MOST_PIECES) return pieces;
  const across = pickEvenly(pieces.filter(isAcrossWords), MOST_PIECES / 2);
  const others = pieces.filter((piece) => !isAcrossWords(piece));
  return [...across, ...pickEvenly(others, MOST_PIECES - across.length)];
}

function isAcrossWords(piece: string): boolean {
  return /^.[^\p{L}\p{N}].$/su.test(piece);
}

function pickEvenly(items: string[], most: number): string[] {
  return items.filter(
    (_, i) => Math.floor((i * most) / items.length) !== Math.floor(((i - 1) * most) / items.length),
  );
}
