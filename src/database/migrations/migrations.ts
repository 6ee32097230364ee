import { InitialSchema1764000000000 } from './1764000000000-initial-schema';
import { Deliveries1764100000000 } from './1764100000000-deliveries';

/** Every migration, oldest first. A released one is never edited. */
export const MIGRATIONS = [InitialSchema1764000000000, Deliveries1764100000000] as const;
