import type { Exception, SourceFrame } from '../api-answers.js';

/** An exception of a report, and how it came to be there. */
export interface ChainLink {
  exception: Exception;
  /** `Caused by`, `Member 1 of 3`; empty for the one that was caught */
  relation: string;
  /** groups that it is within */
  depth: number;
}

/** Types of exceptions that stand for several: `ExceptionGroup`, `AggregateError`, `System.AggregateException`. */
const groupName = /group|aggregate/i;

/**
 * Says of each exception what it is to the others. Clients that give every cause its parent are told apart from those
 * that do so in groups: only a group has several members, or is called one.
 */
export function arrangeExceptions(exceptions: readonly Exception[]): ChainLink[] {
  const parents = exceptions.map(({ parent }, index) => (isBefore(parent, index) ? parent : null));
  const members = (group: number) => parents.flatMap((parent, index) => (parent === group ? [index] : []));
  const links: ChainLink[] = [];
  for (const [index, exception] of exceptions.entries()) {
    const parent = parents[index] ?? null;
    const above = parent === null ? undefined : links[parent];
    const depth = above?.depth ?? 0;
    const siblings = parent === null ? [] : members(parent);
    if (index === 0) links.push({ exception, relation: '', depth: 0 });
    else if (above && (siblings.length > 1 || groupName.test(above.exception.type ?? ''))) {
      const relation = `Member ${siblings.indexOf(index) + 1} of ${siblings.length}`;
      links.push({ exception, relation, depth: depth + 1 });
    } else links.push({ exception, relation: 'Caused by', depth });
  }
  return links;
}

/** The frame that somebody looks at first: where it was thrown, else the newest of the application's own. */
export function mainFrame({ frames }: Exception): SourceFrame | undefined {
  return frames.find(({ thrown }) => thrown) ?? frames.find(({ library }) => !library) ?? frames[0];
}

function isBefore(parent: number | null, index: number): parent is number {
  return parent !== null && Number.isInteger(parent) && parent >= 0 && parent < index;
}
