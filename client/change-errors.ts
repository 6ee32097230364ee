import type { Action } from './api-answers.js';
import { ApiError } from './api-error.js';
import { confirmDialog } from './confirm-dialog.js';
import type { Shell } from './page.js';
import { plural } from './text.js';

const done: Record<Action, string> = { resolve: 'resolved', reopen: 'reopened', delete: 'deleted' };
const opposites = { resolve: 'reopen', reopen: 'resolve' } as const;

/**
 * Resolves, reopens or deletes errors and says so, with a way back where there is one; asks before it deletes.
 * @param onChanged is called after the server has done it, and again after it was undone
 */
export async function changeErrors(
  { api, toasts }: Pick<Shell, 'api' | 'toasts'>,
  action: Action,
  ids: readonly number[],
  onChanged: () => void,
): Promise<void> {
  if (ids.length === 0 || (action === 'delete' && !(await confirmDeletion(ids.length)))) return;
  try {
    const { changed, unknown } = await api.change(action, ids);
    const gone = unknown.length > 0 ? `; ${plural(unknown.length, 'error')} no longer there` : '';
    const text = `${plural(changed.length, 'error')} ${done[action]}${gone}`;
    const undo = () => {
      if (action !== 'delete') void changeErrors({ api, toasts }, opposites[action], changed, onChanged);
    };
    toasts.show(text, action === 'delete' || changed.length === 0 ? undefined : undo);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.failure !== 'unauthorized') toasts.show(`Nothing was ${done[action]}: ${describe(error)}`);
  }
  onChanged();
}

function confirmDeletion(count: number): Promise<boolean> {
  const what = count === 1 ? 'this error' : plural(count, 'error');
  return confirmDialog(
    `Delete ${what}?`,
    'Occurrences, counts and alerts go with it, and nothing brings them back. A further report makes a new error.',
    `Delete ${what}`,
  );
}

function describe(error: ApiError): string {
  if (error.failure === 'rate-limited') {
    return `too many requests, try again in ${plural(error.retryAfterSeconds, 'second')}`;
  }
  const requestId = error.requestId ? ` (request id ${error.requestId})` : '';
  return `${error.message || 'the server could not do it'}${requestId}`;
}
