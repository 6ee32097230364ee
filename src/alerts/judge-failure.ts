import { DeliveryError } from './channel';
import type { DueDelivery, Outcome } from './delivery';
import { findNextAttempt } from './retry-schedule';

/**
 * What comes after an attempt that failed. What the other side may have taken without saying so is not sent again, as
 * after a crash.
 */
export function judgeFailure(
  { kind, attempts, createdAt }: DueDelivery,
  failure: DeliveryError,
  isHandedOver: boolean,
): Outcome['result'] {
  const { message, hint, permanent, verdict } = failure;
  const reason = hint ? `${message} (${hint})` : message;
  if (isHandedOver && !verdict)
    return { state: 'failed', reason: `may have arrived, and is not sent again: ${reason}` };
  if (permanent || kind === 'test') return { state: 'failed', reason };
  const dueAt = findNextAttempt(attempts + 1, createdAt, new Date(), verdict?.retryAfter);
  if (dueAt) return { state: 'pending', reason, dueAt };
  return { state: 'failed', reason: `given up after a day; the last attempt: ${reason}` };
}

export function toDeliveryError(thrown: unknown): DeliveryError {
  if (thrown instanceof DeliveryError) return thrown;
  return new DeliveryError(thrown instanceof Error ? thrown.message : String(thrown), false, 0);
}
