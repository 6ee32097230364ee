import { measureKinds } from '../support/ingest-kinds.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';

const TARGETS = { known: 0.75, new: 0.6, mixed: 0.7 };

export const ingest = {
  summary: 'reports a second over a bare node:http server: known, new, mixed; body sizes; connections',
  run: (options) => measureKinds(options, TARGETS, (_kind, measure) => withIngestSides(measure)),
};
