import type { ErrorChange, ErrorChangeKind, GatheredChanges } from './error-change';

/** Whoever has to hear of more reads the list again. */
const MOST_AT_ONCE = 200;

/**
 * Gathers what happens to errors and tells it together.
 *
 * States: *silent* (what is noted is dropped at once), *listening*, *gathering* (a timer runs until all is told).
 * Nothing is kept for those who listen later.
 */
export class ChangeGatherer {
  private listener: ((gathered: GatheredChanges) => void) | null = null;
  private gathered = new Map<number, ErrorChange>();
  private hasMore = false;
  private timer: NodeJS.Timeout | null = null;

  /** @param tellEveryMs changes are told together, at most once in this time */
  constructor(private readonly tellEveryMs: number) {}

  /** Begins to listen, until `stop`. */
  start(listener: (gathered: GatheredChanges) => void): void {
    this.listener = listener;
  }

  stop(): void {
    this.listener = null;
    this.takeGathered();
  }

  note(id: number, project: string, kind: ErrorChangeKind): void {
    if (!this.listener) return;
    this.tellSoon();
    const before = this.gathered.get(id)?.kind;
    if (!before && this.gathered.size >= MOST_AT_ONCE) this.hasMore = true;
    else if (!before || kind !== 'reported') this.gathered.set(id, { id, project, kind });
  }

  /** Notes that something happened of which nobody knows what. */
  noteMore(): void {
    if (!this.listener) return;
    this.tellSoon();
    this.hasMore = true;
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => this.listener?.(this.takeGathered()), this.tellEveryMs).unref();
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
