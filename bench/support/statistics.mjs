/** Middle of the values; of an even number of them, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that a share of all values does not exceed: `percentile([1, 2, 3, 4], 0.5) // 2` */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Median, tail and worst of latencies in milliseconds. */
export function summarize(latencies) {
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
  };
}

/**
 * Compares two sides that were measured in turn.
 * @returns the medians, their ratio, and the least and the greatest ratio of a pair of neighbouring segments
 */
export function compare(ours, baseline) {
  const pairs = ours.map((value, i) => value / baseline[i]);
  return {
    ours: median(ours),
    baseline: median(baseline),
    ratio: median(ours) / median(baseline),
    least: Math.min(...pairs),
    most: Math.max(...pairs),
  };
}
