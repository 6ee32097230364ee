import { packGroups, unpackGroups } from '../../src/errors/packed-groups';
import type { Report } from '../../src/errors/report';
import {
  groupReports,
  joinGroups,
  type ReportGroup,
  toReportGroup,
  toRecordedPart,
} from '../../src/errors/report-group';

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

const asEvent = (report: Report, place: number): Report => ({
  ...report,
  details: {
    eventId: String(place).padStart(32, '0'),
    environment: null,
    release: 'shop@1',
    level: 'fatal',
    platform: 'python',
    handled: place % 2 === 0,
    tags: '[["a","b"]]',
    context: '{}',
  },
});

const reportsOf = (count: number) => Array.from({ length: count }, (_, place) => aStoredReport(place));
const groupsOf = (reports: Report[]) =>
  groupReports(reports.map((report) => ({ report }))).map((group) =>
    toReportGroup(group.map(({ report }) => report)),
  );

const fingerprintOf = ({ reports }: ReportGroup) => reports[0]!.report.fingerprint;

describe('A group', () => {
  test.each([1, 5, 6, 7, 100])('of %i reports is the same after it was packed', (count) => {
    const groups = [
      toReportGroup(reportsOf(count)),
      toReportGroup(reportsOf(1)),
      toReportGroup(reportsOf(count)),
    ];
    expect(unpackGroups(packGroups(groups))).toEqual(groups);
  });

  test('of events is the same after it was packed', () => {
    const groups = [toReportGroup(reportsOf(16).map(asEvent))];
    expect(groups[0]).toMatchObject({ count: 16, hasEvents: true });
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
      groupsOf(reports).forEach((part, group) => {
        const { count } = part;
        const { index, before } = parts[list]![group]!;
        expect(fingerprintOf(joined[index]!)).toBe(fingerprintOf(part));
        expect(before).toBe(seen[index]);
        seen[index]! += count;
      });
    });
    expect(seen).toEqual(joined.map(({ count }) => count));
  });

  test('that was joined learns which of its own reports were stored before', () => {
    const group = { id: 3, created: true, reopened: false, countBefore: 0, repeated: [0, 1, 4, 6] };
    const partAt = (before: number) => toRecordedPart(group, { index: 0, before, count: 3 });
    expect(partAt(0)).toMatchObject({ created: true, countBefore: 0, repeated: [0, 1] });
    expect(partAt(3)).toMatchObject({ created: false, countBefore: 1, repeated: [1] });
    expect(partAt(6)).toMatchObject({ created: false, countBefore: 3, repeated: [0] });
  });

  test.each([
    ['first', 0, { id: 3, created: true, reopened: true, countBefore: 7, repeated: [] }],
    ['later', 6, { id: 3, created: false, reopened: false, countBefore: 13, repeated: [] }],
  ])('that stands %s in a joined one learns what became of its reports', (_place, countBefore, part) => {
    const group = { id: 3, created: true, reopened: true, countBefore: 7, repeated: [] };
    expect(toRecordedPart(group, { index: 0, before: countBefore, count: 4 })).toEqual(part);
  });
});
