/** What a client learnt of its report. Only an answer tells anything; without one, it may be stored or not. */
export type Outcome =
  | { kind: 'acknowledged'; status: number; count: number; fingerprint: string }
  | { kind: 'refused'; status: number; detail: string; retryAfter: string | null }
  | { kind: 'unanswered'; reason: string };

export interface Entry {
  /** the counts that were answered, in the order of the answers; 1 for `created` */
  acknowledged: number[];
  unanswered: number;
}

/** What clients sent and what they were told, by the name (the message) of the error. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  readonly refusals: Extract<Outcome, { kind: 'refused' }>[] = [];
  acknowledged = 0;
  unanswered = 0;

  note(name: string, outcome: Outcome): void {
    const entry = this.entries.get(name) ?? { acknowledged: [], unanswered: 0 };
    this.entries.set(name, entry);
    if (outcome.kind === 'acknowledged') {
      entry.acknowledged.push(outcome.count);
      this.acknowledged += 1;
    } else if (outcome.kind === 'unanswered') {
      entry.unanswered += 1;
      this.unanswered += 1;
    } else {
      this.refusals.push(outcome);
    }
  }
}
