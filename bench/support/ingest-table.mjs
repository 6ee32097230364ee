import { formatCount, formatMs, formatRatio, formatSpread } from './format.mjs';

/** What `measureIngest` tells, for a table. */
export const INGEST_COLUMNS = [
  'stored/s',
  'bare/s',
  'ratio',
  'of pairs',
  'p50',
  'p99',
  'bare p99',
  'refused',
];

export function toIngestCells({ perSecond, p50, p99, refused }) {
  return [
    formatCount(perSecond.ours),
    formatCount(perSecond.baseline),
    formatRatio(perSecond.ratio),
    formatSpread(perSecond),
    formatMs(p50),
    formatMs(p99.ours),
    formatMs(p99.baseline),
    formatCount(refused),
  ];
}
