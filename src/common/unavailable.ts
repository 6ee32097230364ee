/** Something is out of reach for a while: answered with 503 and `Retry-After`. */
export class UnavailableError extends Error {
  /** @param retryAfter seconds after which another try makes sense */
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

/**
 * Of PostgreSQL: connections (08), resources such as disk and memory (53), locks that took too long (55P03), a statement
 * that did (57014), conflicts that did not pass (40), a standby (25006), the system below it (58).
 */
const UNAVAILABLE =
  /^(SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN|NOMEM|PROTOCOL)|THREAD_LOST|CONNECTION_LOST|NOT_CONNECTED|((08|40|53|58)...|57P..|25006|55P03|57014)$)/;

/** Of PostgreSQL: a deadlock, or two transactions of which only one can have been first. */
const CONFLICT = /^40...$/;

/**
 * Whether an error says that the database cannot be used right now (locked, full, read-only, out of reach), which
 * passes without a change of the program.
 */
export function isDatabaseUnavailable(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return UNAVAILABLE.test(String(code));
}

/**
 * Whether an error says that the database cannot be used by others either. A conflict that did not pass is about one
 * transaction only.
 */
export function isUnavailableForAll(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return isDatabaseUnavailable(error) && !CONFLICT.test(String(code));
}
