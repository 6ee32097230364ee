import { InitialSchema1764000000000 } from './1764000000000-initial-schema';
import { Deliveries1764100000000 } from './1764100000000-deliveries';
import { CountsByHour1764200000000 } from './1764200000000-counts-by-hour';
import { ListOrders1764300000000 } from './1764300000000-list-orders';
import { DeliveryClaims1764500000000 } from './1764500000000-delivery-claims';
import { IngestKeys1764600000000 } from './1764600000000-ingest-keys';
import { Events1764700000000 } from './1764700000000-events';
import { Ledger1764800000000 } from './1764800000000-ledger';
import { Feedback1764900000000 } from './1764900000000-feedback';
import { WaitingFeedback1765000000000 } from './1765000000000-waiting-feedback';

/** Every migration, oldest first. A released one is never edited. */
export const MIGRATIONS = [
  InitialSchema1764000000000,
  Deliveries1764100000000,
  CountsByHour1764200000000,
  ListOrders1764300000000,
  DeliveryClaims1764500000000,
  IngestKeys1764600000000,
  Events1764700000000,
  Ledger1764800000000,
  Feedback1764900000000,
  WaitingFeedback1765000000000,
] as const;
