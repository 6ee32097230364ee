import type { Alert } from './alert';

export const DELIVERY_KINDS = ['created', 'reopened', 'summary', 'test'] as const satisfies Alert['kind'][];
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

export const CHANNEL_NAMES = ['mail', 'webhook'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/**
 * *pending*: waits for its first or next attempt, or is being sent. *sent*, *failed*: settled. *muted*: not sent, since
 * the recipient was told of this error a short while ago. *held*: over the hourly cap, waits for the next summary.
 * *summarized*: was told in one.
 */
export const DELIVERY_STATES = ['pending', 'sent', 'failed', 'muted', 'held', 'summarized'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Who is told, and how. */
export interface Recipient {
  channel: ChannelName;
  /** a mail address, or the address of a webhook without its secret parts */
  recipient: string;
}

/** A delivery whose time has come, claimed by this replica. */
export interface DueDelivery extends Recipient {
  id: number;
  /** that of this attempt; no other has the same */
  claim: string;
  errorId: number | null;
  kind: DeliveryKind;
  /** before this one */
  attempts: number;
  createdAt: Date;
}

/** What an attempt came to. */
export interface Outcome {
  at: Date;
  durationMs: number;
  bytesReceived: number;
  result:
    | { state: 'sent'; response: string }
    | { state: 'failed'; reason: string }
    /** there will be another attempt */
    | { state: 'pending'; reason: string; dueAt: Date };
}
