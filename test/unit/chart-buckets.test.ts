import { toDays, toHours } from '../../client/detail/buckets';

const hours = (count: number, each = 1) => Array.from({ length: count }, () => each);

describe('The bars of the chart', () => {
  it('are named in the zone of the viewer', () => {
    const bars = toHours([3, 0], new Date('2026-11-23T22:00:00Z'), 'Europe/Paris');
    expect(bars).toEqual([
      { label: '23:00', title: '2026-11-23 23:00', count: 3 },
      { label: '00:00', title: '2026-11-24 00:00', count: 0 },
    ]);
  });

  it('have one for each calendar day there, oldest first', () => {
    const since = new Date('2026-11-22T23:00:00Z');
    expect(toDays([...hours(24), ...hours(24, 2), 5], since, 14, 'Europe/Paris')).toEqual([
      { label: '11-23', title: '2026-11-23', count: 24 },
      { label: '11-24', title: '2026-11-24', count: 48 },
      { label: '11-25', title: '2026-11-25', count: 5 },
    ]);
  });

  it('give a day 25 or 23 hours when the clocks change', () => {
    const autumn = toDays(hours(49), new Date('2026-10-24T22:00:00Z'), 14, 'Europe/Paris');
    expect(autumn.map(({ count }) => count)).toEqual([25, 24]);
    const spring = toDays(hours(47), new Date('2026-03-28T23:00:00Z'), 14, 'Europe/Paris');
    expect(spring.map(({ count }) => count)).toEqual([23, 24]);
  });

  it('count an hour that lies in two days to the one it begins in, in zones half an hour off', () => {
    // Midnight in Kolkata is 18:30 UTC.
    const bars = toDays([1, 10, 100], new Date('2026-11-23T17:00:00Z'), 14, 'Asia/Kolkata');
    expect(bars.map(({ title, count }) => [title, count])).toEqual([
      ['2026-11-23', 11],
      ['2026-11-24', 100],
    ]);
  });

  it('are so many at most, the newest', () => {
    const bars = toDays(hours(24 * 4), new Date('2026-11-20T00:00:00Z'), 2, 'UTC');
    expect(bars.map(({ title }) => title)).toEqual(['2026-11-22', '2026-11-23']);
  });
});
