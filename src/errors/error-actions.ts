import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActionResult, ErrorAction } from './error-action';
import type { ErrorChangeKind } from './error-change';
import { ErrorChanges } from './error-changes';
import { unknownError } from './error-id.pipe';
import { WriteQueue } from './write-queue';

/** Deleting so many, from all over a file of 100,000 errors, takes 16 ms in the middle; 100 took 28. */
const DELETED_AT_ONCE = 50;
/** Between two parts of a deletion others get at the database. */
const PAUSE_MS = 5;

const KIND_OF: Record<ErrorAction, ErrorChangeKind> = {
  resolve: 'resolved',
  reopen: 'reopened',
  delete: 'deleted',
};

/** What people do to errors. */
@Injectable()
export class ErrorActions {
  constructor(
    private readonly writeQueue: WriteQueue,
    private readonly changes: ErrorChanges,
  ) {}

  /**
   * Resolves an error, opens it again or deletes it; it may be in that state already.
   * @throws NotFoundException when there is no such error
   */
  async apply(action: ErrorAction, id: number): Promise<void> {
    const { unknown } = await this.applyToAll(action, [id]);
    if (unknown.length > 0) throw unknownError(id);
  }

  /**
   * Does the same to many errors: resolving and opening in one transaction, deleting in parts. When the database
   * becomes unavailable in between, the parts before stay deleted.
   * @param ids each at most once
   */
  async applyToAll(action: ErrorAction, ids: readonly number[]): Promise<ActionResult> {
    if (action !== 'delete') return this.ask(action, ids);
    const result: ActionResult = { changed: [], unchanged: [], unknown: [] };
    for (let at = 0; at < ids.length; at += DELETED_AT_ONCE) {
      if (at > 0) await pause(PAUSE_MS);
      const { changed, unknown } = await this.ask(action, ids.slice(at, at + DELETED_AT_ONCE));
      result.changed.push(...changed);
      result.unknown.push(...unknown);
    }
    return result;
  }

  private async ask(action: ErrorAction, ids: readonly number[]): Promise<ActionResult> {
    const result = await this.writeQueue.ask({ kind: 'apply-action', action, ids, now: new Date() });
    for (const { id, project } of result.changed) this.changes.note(id, project, KIND_OF[action]);
    return result;
  }
}
