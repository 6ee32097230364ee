export const HOUR_MS = 3_600_000;

/** Whole hours since 1970, UTC. */
export function hourOf(time: Date): number {
  return Math.floor(time.getTime() / HOUR_MS);
}
