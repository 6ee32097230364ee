/** There is no connection to PostgreSQL: nothing was asked of it. */
export class NotConnectedError extends Error {
  readonly code = 'NOT_CONNECTED';

  constructor(shown: string, cause: unknown) {
    super(`PostgreSQL at ${shown} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** The connection was lost before the answer came: what was asked may or may not have taken effect, or may do so yet. */
export class ConnectionLostError extends Error {
  readonly code = 'CONNECTION_LOST';

  constructor(shown: string, cause: unknown) {
    super(`The connection to PostgreSQL at ${shown} was lost: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Answers after which another connection may do better: those of a server that stops, starts or has become a standby,
 * of a proxy that has lost its server, and of a session that the server has ended.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const ENDS_CONNECTION = /^(08...|57P0[1-5]|25006|25P03|58000)$/;

/** Deadlock, or a conflict with another transaction: done again, it will most likely pass. */
const TRY_AGAIN = /^(40001|40P01)$/;

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Whether a connection is of no use after an error: anything that is no answer of the server ends it, too. */
export function endsConnection(error: unknown): boolean {
  return ENDS_CONNECTION.test(codeOf(error)) || !isAnswer(error);
}

/** Whether a transaction should be done again. */
export function mayPassNextTime(error: unknown): boolean {
  return TRY_AGAIN.test(codeOf(error));
}

/** Whether the server has said it, after which the state of the connection is known. */
function isAnswer(error: unknown): boolean {
  return 'severity' in (error as object);
}
