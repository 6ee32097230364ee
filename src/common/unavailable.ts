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
 * Whether an error says that the database cannot be used right now (locked, full, read-only, out of reach), which
 * passes without a change of the program.
 */
export function isDatabaseUnavailable(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return /^(SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN|NOMEM|PROTOCOL)|THREAD_LOST)/.test(String(code));
}
