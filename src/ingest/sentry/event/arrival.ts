import type { Report } from '../../../errors/report';

/** How an event came in, as far as its own text does not say it. */
export interface Arrival {
  /** name */
  project: string;
  receivedAt: Date;
  /** of the envelope's header: wins over the payload's; 32 lower-case hex digits */
  eventId: string | null;
  /** when the client sent it, by the client's clock */
  sentAt: Date | null;
  /** a page in a browser sent it */
  isBrowser: boolean;
  /** address of the client, for `{{auto}}`; null when it may not be stored */
  peerAddress: string | null;
}

export interface ReadEvent {
  report: Report;
  /** names of parts that were cut, as in `OccurrenceContext.cut` */
  cut: string[];
}
