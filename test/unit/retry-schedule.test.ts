import { findNextAttempt } from '../../src/alerts/retry-schedule';

const MADE = new Date('2026-03-01T12:00:00.000Z');
const after = (seconds: number) => new Date(MADE.getTime() + seconds * 1_000);

describe('The next attempt', () => {
  test.each([
    [1, 0, 5],
    [2, 5, 20],
    [3, 25, 80],
    [4, 105, 320],
    [5, 425, 1_280],
    [6, 1_705, 3_600],
    [20, 50_000, 3_600],
  ])('after %i failed ones, %i s after the first, comes %i s later', (attempts, now, pause) => {
    expect(findNextAttempt(attempts, MADE, after(now))).toEqual(after(now + pause));
  });

  test.each([
    [23, 82_799, 86_399],
    [23, 82_800, 86_400],
  ])('of %i, at %i s, is the last within a day', (attempts, now, next) => {
    expect(findNextAttempt(attempts, MADE, after(now))).toEqual(after(next));
  });

  test('does not come when it would be after more than a day', () => {
    expect(findNextAttempt(23, MADE, after(82_801))).toBeNull();
  });

  test('is put off for as long as the other side asks', () => {
    expect(findNextAttempt(1, MADE, after(0), 7_200)).toEqual(after(7_200));
    expect(findNextAttempt(1, MADE, after(0), 1)).toEqual(after(5));
    expect(findNextAttempt(1, MADE, after(0), 90_000)).toBeNull();
  });

  test('comes also when the clock was set back', () => {
    expect(findNextAttempt(1, MADE, after(-7_200))).toEqual(after(-7_195));
  });
});
