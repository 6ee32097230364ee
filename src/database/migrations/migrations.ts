import { InitialSchema1764000000000 } from './1764000000000-initial-schema';

/** Every migration, oldest first. A released one is never edited. */
export const MIGRATIONS = [InitialSchema1764000000000] as const;
