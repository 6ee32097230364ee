import type { ChannelName, Outcome } from './delivery';

/** Emitted after every attempt to tell somebody, with what came of it. */
export const DELIVERY_ATTEMPTED = 'delivery.attempted';

export interface DeliveryAttempt {
  channel: ChannelName;
  /** `pending`: there will be another attempt */
  state: Outcome['result']['state'];
}
