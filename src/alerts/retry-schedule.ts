const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const GIVE_UP_AFTER_MS = 86_400_000;

/**
 * When to try again what failed but may pass: after 5 s, then each time after four times as long, up to an hour, until
 * a day has passed.
 * @param attempts that failed, at least 1
 * @param retryAfterSeconds for how long the other side asked to be left alone
 * @returns null when it is time to give up
 * @example findNextAttempt(1, madeAt, now) // now + 5 s
 */
export function findNextAttempt(
  attempts: number,
  createdAt: Date,
  now: Date,
  retryAfterSeconds = 0,
): Date | null {
  const scheduledMs = Math.min(FIRST_PAUSE_MS * 4 ** (attempts - 1), LONGEST_PAUSE_MS);
  const pauseMs = Math.max(scheduledMs, retryAfterSeconds * 1_000);
  const next = now.getTime() + pauseMs;
  return next - createdAt.getTime() > GIVE_UP_AFTER_MS ? null : new Date(next);
}
