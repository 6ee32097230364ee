/**
 * How long this process itself computes while something runs, in ms: on a busy machine it may wait many times as long,
 * which says nothing about what runs.
 */
export function cpuMsOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
