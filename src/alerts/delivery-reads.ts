import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';
import type { ChannelName } from './delivery';
import {
  type DeliveryFilter,
  type DeliveryPage,
  DeliveryQueries,
  type DeliveryStanding,
  type HeldErrors,
} from './delivery-queries';

/** What the thread for quick reads is asked for alerts. */
export type DeliveryRead =
  | { kind: 'list'; filter: DeliveryFilter; limit: number; offset: number }
  | { kind: 'due'; channel: ChannelName; recipients: readonly string[]; now: Date }
  | { kind: 'next-due-at'; channel: ChannelName; now: Date }
  | { kind: 'held'; summaryId: number }
  | { kind: 'newest-held'; summaryId: number; project: string }
  | { kind: 'standing' };

/** The answers. */
export interface DeliveryReadResults {
  list: DeliveryPage;
  /** its id */
  due: number | null;
  'next-due-at': Date | null;
  held: HeldErrors[];
  /** ids of errors */
  'newest-held': number[];
  standing: DeliveryStanding;
}

/** What the thread for quick reads does for alerts. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const queries = new DeliveryQueries(connection);
  return {
    answer: (requests) =>
      Promise.all((requests as DeliveryRead[]).map((request) => answer(queries, request))),
  };
}

function answer(
  queries: DeliveryQueries,
  request: DeliveryRead,
): Promise<DeliveryReadResults[DeliveryRead['kind']]> {
  switch (request.kind) {
    case 'list':
      return queries.list(request.filter, request.limit, request.offset);
    case 'due':
      return queries.findDue(request.channel, request.recipients, request.now);
    case 'next-due-at':
      return queries.findNextDueAt(request.channel, request.now);
    case 'held':
      return queries.countHeld(request.summaryId);
    case 'newest-held':
      return queries.findNewestHeld(request.summaryId, request.project);
    case 'standing':
      return queries.getStanding();
  }
}
