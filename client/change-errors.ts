import type { Action, BulkAnswer } from './api-answers.js';
import { ApiError } from './api-error.js';
import { confirmDialog } from './confirm-dialog.js';
import type { Shell } from './page.js';
import { plural } from './text.js';

const done: Record<Action, string> = { resolve: 'resolved', reopen: 'reopened', delete: 'deleted' };
const opposites = { resolve: 'reopen', reopen: 'resolve' } as const;

/** The API takes so many at once. */
const mostAtOnce = 500;

/** What was done last, as long as it can be undone: what is done in quick succession is undone together. */
let last: { action: Action; ids: readonly number[]; isShown: () => boolean } | null = null;

/**
 * Resolves, reopens or deletes errors and says so, with a way back where there is one; asks before it deletes.
 * @param onSettled is called after the server has done it, and again after it was undone; with `null` when it failed or
 *   when it is not known whether it was done, and not at all when nobody confirmed a deletion
 */
export async function changeErrors(
  { api, toasts }: Pick<Shell, 'api' | 'toasts'>,
  action: Action,
  ids: readonly number[],
  onSettled: (answer: BulkAnswer | null) => void,
): Promise<void> {
  if (ids.length === 0 || (action === 'delete' && !(await confirmDeletion(ids.length)))) return;
  let answer: BulkAnswer | null = null;
  try {
    answer = await api.change(action, ids);
    tell(answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.failure !== 'unauthorized') toasts.show(describeFailure(action, error));
  }
  onSettled(answer);

  function tell({ changed, unknown }: BulkAnswer): void {
    const before = last?.action === action && last.isShown() ? last.ids : [];
    const all = before.length + changed.length > mostAtOnce ? changed : [...before, ...changed];
    const gone = unknown.length > 0 ? `; ${plural(unknown.length, 'error')} no longer there` : '';
    const undo = () => {
      if (action !== 'delete') void changeErrors({ api, toasts }, opposites[action], all, onSettled);
    };
    const text = `${plural(all.length, 'error')} ${done[action]}${gone}`;
    const isShown = toasts.show(text, action === 'delete' || all.length === 0 ? undefined : undo);
    last = { action, ids: all, isShown };
  }
}

function confirmDeletion(count: number): Promise<boolean> {
  const what = count === 1 ? 'this error' : plural(count, 'error');
  return confirmDialog(
    `Delete ${what}?`,
    'Occurrences, counts and alerts go with it, and nothing brings them back. A further report makes a new error.',
    `Delete ${what}`,
  );
}

/** Without an answer nobody knows; and what is deleted in parts may have stopped in the middle. */
function describeFailure(action: Action, error: ApiError): string {
  const why = describe(error);
  if (error.failure === 'unreachable') return `It is not known whether anything was ${done[action]}: ${why}`;
  const isBroken = error.failure === 'failed' || error.failure === 'unavailable';
  if (isBroken && action === 'delete') return `Perhaps not all was deleted: ${why}`;
  return `Nothing was ${done[action]}: ${why}`;
}

function describe(error: ApiError): string {
  if (error.failure === 'rate-limited') {
    return `too many requests, try again in ${plural(error.retryAfterSeconds, 'second')}`;
  }
  const requestId = error.requestId ? ` (request id ${error.requestId})` : '';
  return `${error.message || 'the server could not do it'}${requestId}`;
}
