import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';
import type { Intervals } from './count-intervals';
import { ErrorDetails, type ErrorWithNewest } from './error-details';
import { type ErrorTitle, ErrorTitles } from './error-titles';
import { ErrorTotals, type Totals } from './error-totals';
import { type EventKey, EventPlaces } from './event-places';
import type { EventAnswer } from './events.answers';
import { HourCounts } from './hour-counts';

/** What the thread for quick reads is asked for errors. */
export type ErrorRead =
  | { kind: 'detail'; id: number }
  | { kind: 'newest'; id: number }
  | { kind: 'counts'; id: number; intervals: Intervals }
  | { kind: 'titles'; ids: readonly number[] }
  | { kind: 'totals' }
  | { kind: 'expired'; before: Date }
  | { kind: 'event'; key: EventKey };

/** The answers; null when there is no such error, or event. */
export interface ErrorReadResults {
  /** JSON */
  detail: string | null;
  newest: ErrorWithNewest | null;
  counts: number[] | null;
  titles: ErrorTitle[];
  totals: Totals;
  /** how many there are */
  expired: number;
  event: EventAnswer | null;
}

/** What the thread for quick reads does for errors. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const details = new ErrorDetails(connection);
  const hourCounts = new HourCounts(connection);
  const titles = new ErrorTitles(connection);
  const totals = new ErrorTotals(connection);
  const events = new EventPlaces(connection);
  const answer = (request: ErrorRead): Promise<ErrorReadResults[ErrorRead['kind']]> => {
    switch (request.kind) {
      case 'detail':
        return details.findJson(request.id);
      case 'newest':
        return details.findWithNewest(request.id);
      case 'counts':
        return hourCounts.findOfError(request.id, request.intervals);
      case 'titles':
        return titles.find(request.ids);
      case 'totals':
        return totals.get();
      case 'expired':
        return totals.countExpired(request.before);
      case 'event':
        return events.find(request.key);
    }
  };
  return { answer: (requests) => Promise.all((requests as ErrorRead[]).map(answer)) };
}
