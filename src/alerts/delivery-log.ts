import type { DeliveryError } from './channel';
import type { DueDelivery, Outcome } from './delivery';

/** @param smtpServer `host:port` */
export function describeSuccess(
  { channel, recipient }: DueDelivery,
  response: string,
  durationMs: number,
  smtpServer: string,
): string {
  if (channel === 'mail')
    return `Email alert sent to ${recipient} via SMTP (${smtpServer}, ${durationMs} ms): ${response}`;
  return `Webhook alert sent to ${recipient} (${durationMs} ms): ${response}`;
}

export function describeFailure(
  { channel, recipient }: DueDelivery,
  { message, hint }: DeliveryError,
  result: Outcome['result'],
): string {
  const what = channel === 'mail' ? 'SMTP alert' : 'Webhook alert';
  const next =
    result.state === 'pending' ? `next attempt at ${result.dueAt.toISOString()}` : 'no further attempt';
  return `${what} to ${recipient} failed: ${message}${hint ? `. ${hint}` : ''}; ${next}`;
}
