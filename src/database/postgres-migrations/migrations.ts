import { InitialSchema1764400000000 } from './1764400000000-initial-schema';
import { IngestKeys1764600000000 } from './1764600000000-ingest-keys';
import { Events1764700000000 } from './1764700000000-events';
import { Ledger1764800000000 } from './1764800000000-ledger';
import { Feedback1764900000000 } from './1764900000000-feedback';
import { WaitingFeedback1765000000000 } from './1765000000000-waiting-feedback';

/** Every migration, oldest first. A released one is never edited. */
export const POSTGRES_MIGRATIONS = [
  InitialSchema1764400000000,
  IngestKeys1764600000000,
  Events1764700000000,
  Ledger1764800000000,
  Feedback1764900000000,
  WaitingFeedback1765000000000,
] as const;
