import type { Alert } from './alert';

/** A way to tell people: by mail, by webhook. */
export interface Channel {
  /**
   * Tells one recipient.
   * @returns what the other side said
   * @throws DeliveryError
   */
  deliver(delivery: OutgoingDelivery): Promise<Receipt>;
}

export interface OutgoingDelivery {
  /** the same in every attempt */
  id: number;
  /** when it was decided to send it */
  createdAt: Date;
  /** a mail address or the address of a webhook */
  recipient: string;
  alert: Alert;
  /**
   * To be awaited when all but the last piece is sent, just before the other side can take the alert for good: from
   * then on it is not sent again when the process is killed.
   */
  handOver: () => Promise<void>;
}

export interface Receipt {
  /** the other side's last word, in one line: `250 2.0.0 OK`, `HTTP 204` */
  response: string;
  /** bytes that came from the other side */
  bytesReceived: number;
}

export interface Verdict {
  /** after which another attempt makes sense, in seconds; 0 when it said nothing about that */
  retryAfter: number;
}

/** An attempt failed. The message is one line: what was tried (`host:port`), how far it came, and the cause. */
export class DeliveryError extends Error {
  /**
   * @param permanent whether another attempt would fail too
   * @param bytesReceived bytes that came from the other side: 0 tells a silent one from one that speaks
   * @param hint what the operator may do about it, in one sentence
   * @param verdict what the other side answered to the whole alert, if it did; without one it may have taken the alert
   */
  constructor(
    message: string,
    readonly permanent: boolean,
    readonly bytesReceived: number,
    readonly hint: string | null = null,
    readonly verdict: Verdict | null = null,
  ) {
    super(message);
  }
}
