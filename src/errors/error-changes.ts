import { Injectable } from '@nestjs/common';

/** Changes are told together, at most once in this time. */
const TELL_EVERY_MS = 1_000;
/** Whoever has to hear of more reads the list again. */
const MOST_AT_ONCE = 200;

export type ErrorChangeKind = 'created' | 'reopened' | 'reported' | 'resolved' | 'deleted';

/** The last thing that happened to an error; that it is new or open again counts for more than a further report. */
export interface ErrorChange {
  id: number;
  project: string;
  kind: ErrorChangeKind;
}

export interface GatheredChanges {
  changes: ErrorChange[];
  /** whether there were more */
  more: boolean;
}

type Listener = (gathered: GatheredChanges) => void;

/**
 * Gathers what happens to errors and tells it together, while there is somebody to tell it to.
 *
 * States: *silent* (what is noted is dropped at once), *listening*, *gathering* (a timer runs until all is told).
 * Nothing is kept for those who listen later.
 */
@Injectable()
export class ErrorChanges {
  private listener: Listener | null = null;
  private gathered = new Map<number, ErrorChange>();
  private hasMore = false;
  private timer: NodeJS.Timeout | null = null;

  /** Begins to listen, until `stop`. */
  start(listener: Listener): void {
    this.listener = listener;
  }

  stop(): void {
    this.listener = null;
    this.takeGathered();
  }

  /** To be called after the change has been committed. */
  note(id: number, project: string, kind: ErrorChangeKind): void {
    if (!this.listener) return;
    this.timer ??= setTimeout(() => this.listener?.(this.takeGathered()), TELL_EVERY_MS).unref();
    const before = this.gathered.get(id)?.kind;
    if (!before && this.gathered.size >= MOST_AT_ONCE) this.hasMore = true;
    else if (!before || kind !== 'reported') this.gathered.set(id, { id, project, kind });
  }

  private takeGathered(): GatheredChanges {
    const taken = { changes: [...this.gathered.values()], more: this.hasMore };
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.gathered = new Map();
    this.hasMore = false;
    return taken;
  }
}
