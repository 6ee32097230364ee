import { packGroups, unpackGroups } from '../../src/errors/packed-groups';
import type { Report } from '../../src/errors/report';
import { groupReports, joinGroups, toReportGroup, toRecordedPart } from '../../src/errors/report-group';

function aStoredReport(place: number, fingerprint = 'f'.repeat(32)): Report {
  return {
    fingerprint,
    project: 'shop',
    exceptionType: 'ValueError',
    message: `report ${place}`,
    traceback: '',
    file: 'src/cart.py',
    line: place,
    source: 'server',
    requestUrl: null,
    requestMethod: 'POST',
    requestHeaders: '{"a":1}',
    userId: null,
    extra: '[1e400]',
    receivedAt: new Date(Date.UTC(2026, 0, 1) + place),
    details: null,
  };
}

const reportsOf = (count: number) => Array.from({ length: count }, (_, place) => aStoredReport(place));
const groupsOf = (reports: Report[]) =>
  groupReports(reports.map((report) => ({ report }))).map((group) =>
    toReportGroup(group.map(({ report }) => report)),
  );

describe('A group', () => {
  test.each([1, 5, 6, 7, 100])('of %i reports is the same after it was packed', (count) => {
    const groups = [
      toReportGroup(reportsOf(count)),
      toReportGroup(reportsOf(1)),
      toReportGroup(reportsOf(count)),
    ];
    expect(unpackGroups(packGroups(groups))).toEqual(groups);
  });

  test.each([
    ['one list', [[1]]],
    ['single reports', [[1], [1], [1], [1], [1], [1], [1]]],
    ['five and one', [[5], [1]]],
    ['one and five', [[1], [5]]],
    ['six and six', [[6], [6]]],
    ['many', [[100], [3], [7]]],
    ['lists of two errors', [[2, 6], [6], [0, 1], [1, 4]]],
  ])('joined of %s is what grouping all at once gives', (_situation, counts) => {
    let place = 0;
    const lists = counts.map((ofEach) =>
      ofEach.flatMap((count, error) =>
        Array.from({ length: count }, () => aStoredReport(place++, String(error).repeat(32))),
      ),
    );
    const { joined, parts } = joinGroups(lists.map((reports) => unpackGroups(packGroups(groupsOf(reports)))));
    expect(joined).toEqual(groupsOf(lists.flat()));

    const seen = joined.map(() => 0);
    lists.forEach((reports, list) => {
      groupsOf(reports).forEach(({ count, first }, group) => {
        const { index, before } = parts[list]![group]!;
        expect(joined[index]?.first.fingerprint).toBe(first.fingerprint);
        expect(before).toBe(seen[index]);
        seen[index]! += count;
      });
    });
    expect(seen).toEqual(joined.map(({ count }) => count));
  });

  test.each([
    ['first', 0, { id: 3, created: true, reopened: true, countBefore: 7, repeated: [] }],
    ['later', 6, { id: 3, created: false, reopened: false, countBefore: 13, repeated: [] }],
  ])('that stands %s in a joined one learns what became of its reports', (_place, countBefore, part) => {
    const group = { id: 3, created: true, reopened: true, countBefore: 7, repeated: [] };
    expect(toRecordedPart(group, { index: 0, before: countBefore, count: 4 })).toEqual(part);
  });
});
