import type { ThreadWork } from '../database/thread-work';
import type { SqlConnection } from '../database/sql-connection';
import type { Outcome, Recipient } from './delivery';
import { DeliveryPlanner, type Planned, type PlanRules } from './delivery-planner';
import { DeliveryRecorder, type LeftOver } from './delivery-recorder';

/** What the writer thread is asked to do for alerts. */
export type DeliveryWrite =
  | { kind: 'plan'; rules: PlanRules; now: Date; most: number }
  | { kind: 'test'; recipients: readonly Recipient[]; now: Date }
  | { kind: 'hand-over'; id: number; now: Date }
  | { kind: 'record'; id: number; outcome: Outcome }
  | { kind: 'give-up-unknown'; now: Date }
  | { kind: 'fill-summary'; id: number }
  | { kind: 'forget'; before: Date };

/** The answers. */
export interface DeliveryWriteResults {
  plan: Planned;
  test: undefined;
  'hand-over': undefined;
  record: undefined;
  'give-up-unknown': LeftOver;
  'fill-summary': undefined;
  /** how many were deleted */
  forget: number;
}

/** What the writer thread does for alerts. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const planner = new DeliveryPlanner(connection);
  const recorder = new DeliveryRecorder(connection);
  return {
    answer: (requests) =>
      Promise.all((requests as DeliveryWrite[]).map((request) => answer(planner, recorder, request))),
  };
}

async function answer(
  planner: DeliveryPlanner,
  recorder: DeliveryRecorder,
  request: DeliveryWrite,
): Promise<DeliveryWriteResults[DeliveryWrite['kind']]> {
  switch (request.kind) {
    case 'plan':
      return planner.plan(request.rules, request.now, request.most);
    case 'test':
      await planner.addTests(request.recipients, request.now);
      return undefined;
    case 'hand-over':
      await recorder.handOver(request.id, request.now);
      return undefined;
    case 'record':
      await recorder.record(request.id, request.outcome);
      return undefined;
    case 'give-up-unknown':
      return recorder.giveUpUnknown(request.now);
    case 'fill-summary':
      await recorder.fillSummary(request.id);
      return undefined;
    case 'forget':
      return recorder.forget(request.before);
  }
}
