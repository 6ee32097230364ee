import { type CountedGroup, eventsAmong, noneCounted, toCountedGroup } from './counted-group';
import type { PlacedReport, RecordedGroup, ReportGroup } from './report-group';

/**
 * Stores groups without what does not count, which is known of some events only when the database has been asked.
 * @param store names in `repeated` what was stored before, and stores the groups without any; nothing when there is one
 *   with some that were and some that were not
 */
export async function recordWithoutRepeated(
  groups: readonly ReportGroup[],
  store: (counted: readonly CountedGroup[]) => Promise<RecordedGroup[]>,
): Promise<RecordedGroup[]> {
  let results = findRepeatedTogether(groups).map(noneCounted);
  for (;;) {
    const counted = groups.map((group, index) => toCountedGroup(group, resultAt(results, index).repeated));
    const left = counted.filter((group) => group !== null);
    const stored = left.length === 0 ? [] : await store(left);
    let next = 0;
    results = results.map((result, index) =>
      counted[index] === null ? result : joinRepeated(result, resultAt(stored, next++)),
    );
    if (!stored.some(({ repeated }, place) => isPartOf(repeated, left[place] as CountedGroup)))
      return results;
  }
}

/** @returns for each group the places of reports whose event came before them in it, or in a group before */
function findRepeatedTogether(groups: readonly ReportGroup[]): number[][] {
  const seen = new Set<string>();
  return groups.map(({ reports, hasEvents }) => {
    if (!hasEvents) return [];
    const { project } = (reports[0] as PlacedReport).report;
    const isRepeated = (key: string) => {
      const wasSeen = seen.has(key);
      seen.add(key);
      return wasSeen;
    };
    return eventsAmong(reports)
      .filter(({ id }) => isRepeated(id + project))
      .map(({ place }) => place);
  });
}

function isPartOf(repeated: readonly number[], { count }: CountedGroup): boolean {
  return repeated.length > 0 && repeated.length < count;
}

function joinRepeated({ repeated }: RecordedGroup, later: RecordedGroup): RecordedGroup {
  return { ...later, repeated: [...repeated, ...later.repeated].sort((one, other) => one - other) };
}

function resultAt(results: readonly RecordedGroup[], index: number): RecordedGroup {
  return results[index] as RecordedGroup;
}
