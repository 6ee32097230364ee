import { type CountedGroup, toCountedGroup } from '../../src/errors/counted-group';
import type { Report } from '../../src/errors/report';
import { joinGroups, toReportGroup } from '../../src/errors/report-group';
import { aParsedReport } from '../support/reports';

/** Counted reports by their place in the group: what is kept of them. */
interface Expected {
  count: number;
  first: number;
  newest: number[];
  /** places; also those of the lists of tags, which each has of its own */
  events: number[];
}

const upTo = (count: number) => Array.from({ length: count }, (_, place) => place);

describe('What is stored of a group', () => {
  test.each<[situation: string, parts: string, repeated: number[], expected: Expected | null]>([
    ['of events', 'eee', [], { count: 3, first: 0, newest: [0, 1, 2], events: [0, 1, 2] }],
    ['of many events', 'eeeeeeee', [], { count: 8, first: 0, newest: [3, 4, 5, 6, 7], events: upTo(8) }],
    ['whose first is repeated', 'eee', [0], { count: 2, first: 1, newest: [1, 2], events: [1, 2] }],
    [
      'with one left before many',
      'eeeeeeee',
      [1, 2, 3, 4, 5, 6, 7],
      { count: 1, first: 0, newest: [0], events: [0] },
    ],
    [
      'with one left among many',
      'eeeeeeee',
      [0, 1, 3, 4, 5, 6, 7],
      { count: 1, first: 2, newest: [2], events: [2] },
    ],
    [
      'with the newest repeated',
      'eeeeeeeee',
      [1, 5, 6],
      { count: 6, first: 0, newest: [2, 3, 4, 7, 8], events: [0, 2, 3, 4, 7, 8] },
    ],
    ['with none left', 'eee', [0, 1, 2], null],
    ['of native reports', 'nnnnnnnn', [], { count: 8, first: 0, newest: [3, 4, 5, 6, 7], events: [] }],
    ['of few native reports', 'nn', [], { count: 2, first: 0, newest: [0, 1], events: [] }],
    ['of both', 'nennnenn', [1], { count: 7, first: 0, newest: [3, 4, 5, 6, 7], events: [5] }],
    [
      'that was joined of events',
      'eeeeeee eeeeeee e',
      [0, 7, 8, 9, 10, 11, 12, 13, 14],
      { count: 6, first: 1, newest: [2, 3, 4, 5, 6], events: [1, 2, 3, 4, 5, 6] },
    ],
    [
      'that was joined of native reports',
      'nnnnnnn nnnnnnn n',
      [],
      { count: 15, first: 0, newest: [10, 11, 12, 13, 14], events: [] },
    ],
    [
      'that was joined of repeated events and native reports',
      'e nnnnnnnnn ee',
      [0, 10, 11],
      { count: 9, first: 1, newest: [5, 6, 7, 8, 9], events: [] },
    ],
    [
      'that was joined of native reports and events',
      'nnnnnnnnn ee',
      [10],
      { count: 10, first: 0, newest: [5, 6, 7, 8, 9], events: [9] },
    ],
  ])('%s', (_situation, parts, repeated, expected) => {
    let place = 0;
    const lists = parts
      .split(' ')
      .map((kinds) => [toReportGroup([...kinds].map((kind) => aReport(kind, place++)))]);
    const { joined } = joinGroups(lists);
    expect(joined).toHaveLength(1);
    const counted = toCountedGroup(joined[0]!, repeated);
    expect(counted && toPlaces(counted)).toEqual(expected);
  });
});

function aReport(kind: string, place: number): Report {
  const details = {
    eventId: String(place).padStart(32, '0'),
    environment: null,
    release: null,
    level: 'error' as const,
    platform: null,
    handled: null,
    tags: `[["place", "${place}"]]`,
    context: '{}',
  };
  return aParsedReport({ line: place, details: kind === 'e' ? details : null });
}

function toPlaces({ count, first, newest, events, tags }: CountedGroup): Expected {
  expect(events.map(({ id }) => Number(id))).toEqual(events.map(({ place }) => place));
  expect(tags).toEqual(events.map(({ place }) => `[["place", "${place}"]]`));
  return {
    count,
    first: first.line!,
    newest: newest.map(({ line }) => line!),
    events: events.map(({ place }) => place),
  };
}
