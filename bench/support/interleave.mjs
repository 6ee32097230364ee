/**
 * Runs two sides in turn, A B A B …, so that what else happens on the machine meets both alike.
 * @returns what each side returned, in the order of the rounds
 */
export async function interleave(rounds, ours, baseline) {
  const results = { ours: [], baseline: [] };
  for (let round = 0; round < rounds; round++) {
    results.ours.push(await ours(round));
    results.baseline.push(await baseline(round));
  }
  return results;
}
