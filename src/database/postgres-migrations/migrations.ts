import { InitialSchema1764400000000 } from './1764400000000-initial-schema';

/** Every migration, oldest first. A released one is never edited. */
export const POSTGRES_MIGRATIONS = [InitialSchema1764400000000] as const;
