/** What happened last so long ago is forgotten. */
const KEPT_DAYS = 30;

/** What happened before is no part of the ledger any more. */
export function beginOfLedger(now: Date): Date {
  return new Date(now.getTime() - KEPT_DAYS * 86_400_000);
}
