import { BadRequestException } from '@nestjs/common';
import { RefusedException } from '../common/refused-exception';
import { isDatabaseUnavailable, UnavailableError } from '../common/unavailable';
import type { LedgerNote } from './ledger-note';

/**
 * What the ledger says of an error that ended a report, except who sent it.
 * @returns null when that was no refusal but a fault of this program, which the log tells
 */
export function describeRefusal(error: unknown): Omit<LedgerNote, 'client'> | null {
  if (error instanceof RefusedException) {
    const { reason, projectId, detail = reason === 'malformed' ? error.message : undefined } = error;
    return { outcome: 'refused', projectId, reason, ...(detail !== undefined && { detail }) };
  }
  const refused = { outcome: 'refused', projectId: null } as const;
  // Parsers say in their sentence what is wrong, and repeat nothing of the body.
  if (error instanceof BadRequestException) return { ...refused, reason: 'malformed', detail: error.message };
  if (error instanceof UnavailableError) return { ...refused, reason: 'unavailable', detail: error.message };
  return isDatabaseUnavailable(error) ? { ...refused, reason: 'unavailable' } : null;
}
