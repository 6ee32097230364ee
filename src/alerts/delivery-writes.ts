import type { ThreadWork } from '../database/thread-work';
import type { SqlConnection } from '../database/sql-connection';
import type { DueDelivery, Outcome, Recipient } from './delivery';
import { DeliveryClaimer } from './delivery-claimer';
import { DeliveryPlanner, type Planned, type PlanRules } from './delivery-planner';
import { DeliveryRecorder, type LeftOver } from './delivery-recorder';

/** What the writer thread decides for alerts: one replica at a time. */
type Decision =
  | { kind: 'plan'; rules: PlanRules; most: number }
  | { kind: 'test'; recipients: readonly Recipient[] }
  | { kind: 'claim'; id: number; claim: string }
  | { kind: 'fill-summary'; id: number };

/** What the writer thread is asked to do for alerts. */
export type DeliveryWrite =
  | Decision
  | { kind: 'hand-over'; id: number; claim: string; now: Date }
  | { kind: 'renew'; claims: readonly string[] }
  | { kind: 'release'; claims: readonly string[] }
  | { kind: 'record'; id: number; claim: string; outcome: Outcome }
  | { kind: 'resume'; now: Date }
  | { kind: 'give-up-unknown'; now: Date }
  | { kind: 'forget'; before: Date };

/** The answers. */
export interface DeliveryWriteResults {
  plan: Planned;
  test: undefined;
  /** null when it is not to be sent any more, or its recipient is being told something */
  claim: DueDelivery | null;
  'fill-summary': undefined;
  /** false when the claim has run out */
  'hand-over': boolean;
  renew: undefined;
  release: undefined;
  /** false when the claim has been taken over */
  record: boolean;
  resume: LeftOver;
  /** how many may have arrived */
  'give-up-unknown': number;
  /** how many were deleted */
  forget: number;
}

/** Another replica is deciding something: the request is to be made again in a moment. */
export type Busy = 'busy';

type Result = DeliveryWriteResults[DeliveryWrite['kind']] | Busy;

/** Of the lock that a replica holds while it decides; the number means nothing, but is nobody else's. */
const DECISION_LOCK = 5010_0009;

/** What the writer thread does for alerts. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const work = new DeliveryWork(connection);
  return {
    answer: (requests) => Promise.all((requests as DeliveryWrite[]).map((request) => work.answer(request))),
  };
}

class DeliveryWork {
  private readonly planner: DeliveryPlanner;
  private readonly claimer: DeliveryClaimer;
  private readonly recorder: DeliveryRecorder;

  constructor(private readonly connection: SqlConnection) {
    this.planner = new DeliveryPlanner(connection);
    this.claimer = new DeliveryClaimer(connection);
    this.recorder = new DeliveryRecorder(connection);
  }

  async answer(request: DeliveryWrite): Promise<Result> {
    switch (request.kind) {
      case 'hand-over':
        return this.claimer.handOver(request.id, request.claim, request.now);
      case 'renew':
        await this.claimer.renew(request.claims);
        return undefined;
      case 'release':
        await this.claimer.release(request.claims);
        return undefined;
      case 'record':
        return this.recorder.record(request.id, request.claim, request.outcome);
      case 'resume':
        return this.recorder.resume(request.now);
      case 'give-up-unknown':
        return this.recorder.giveUpUnknown(request.now);
      case 'forget':
        return this.recorder.forget(request.before);
      default:
        return this.connection.transaction(async () =>
          (await this.connection.tryLock(DECISION_LOCK)) ? this.decide(request) : 'busy',
        );
    }
  }

  /** Each goes by what it has read a moment ago, which must not change meanwhile. */
  private async decide(request: Decision): Promise<Result> {
    switch (request.kind) {
      case 'plan':
        return this.planner.plan(request.rules, request.most);
      case 'test':
        await this.planner.addTests(request.recipients);
        return undefined;
      case 'claim':
        return this.claimer.claim(request.id, request.claim);
      case 'fill-summary':
        await this.recorder.fillSummary(request.id);
        return undefined;
    }
  }
}
