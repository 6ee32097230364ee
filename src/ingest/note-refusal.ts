import type { IncomingMessage } from 'node:http';
import type { Reporter } from '../auth/report-access';
import { describeRefusal } from '../ledger/describe-refusal';
import type { Ledger } from '../ledger/ledger';
import type { LedgerReason } from '../ledger/ledger-reasons';

/** What whoever has the API key got wrong in the body; anything else is told to people who watch the server anyway. */
const OF_BODIES: readonly LedgerReason[] = ['malformed', 'too-large', 'compression', 'encoding'];

/**
 * Puts a report of the native API that was refused into the ledger.
 * @param error what ended it
 * @param reporter undefined when it ended before anybody was admitted, null for whoever has the API key
 */
export function noteRefusal(
  ledger: Ledger,
  error: unknown,
  { headers }: IncomingMessage,
  reporter: Reporter | null | undefined,
): void {
  const refusal = describeRefusal(error);
  if (!refusal || (reporter === null && !OF_BODIES.includes(refusal.reason))) return;
  const projectId = refusal.projectId ?? reporter?.key.projectId ?? null;
  const isKeyless = reporter === undefined && projectId === null;
  ledger.note({ ...refusal, projectId, isKeyless, client: headers['user-agent'] ?? null });
}
