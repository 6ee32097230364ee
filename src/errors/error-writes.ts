import { isDatabaseUnavailable } from '../common/unavailable';
import type { ThreadWork } from '../database/thread-work';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { ActionResult, ErrorAction } from './error-action';
import type { ReportsCommit } from './error-events';
import { ErrorPruner, PrunedBatch, PrunePosition } from './error-pruner';
import { ErrorStates } from './error-states';
import { ErrorWriter } from './error-writer';
import { type PackedGroups, unpackGroups } from './packed-groups';
import { joinGroups, type RecordedGroup, type ReportGroup, toRecordedPart } from './report-group';

interface RecordRequest {
  kind: 'record';
  /** how many reports, those included that only count */
  reports: number;
  groups: PackedGroups;
  /** see `ErrorWriter.record` */
  keepEvents: boolean;
}

/** What the writer thread is asked to do. All writes at run time go this way, one after the other. */
export type WriteRequest =
  | RecordRequest
  | { kind: 'apply-action'; action: ErrorAction; ids: readonly number[]; now: Date }
  | { kind: 'prune'; before: Date; from: PrunePosition; batchSize: number }
  | { kind: 'prune-project-hours'; before: Date; most: number }
  | { kind: 'return-freed-pages'; most: number };

interface RecordResult {
  /** what became of each */
  groups: GroupResult[];
  /** of the transaction; given to the first of the requests that it answers */
  commit?: ReportsCommit;
}

/** The answers, in the order of the requests: what became of each group, of each error, and so on. */
export interface WriteResults {
  record: RecordResult;
  'apply-action': ActionResult;
  prune: PrunedBatch;
  'prune-project-hours': number;
  'return-freed-pages': number;
}

/** Reports that were refused while the rest of their batch is stored, and what the cause is. */
export interface RefusedGroup {
  refused: string;
  cause: 'report' | 'damage' | 'unavailable';
}

export type GroupResult = RecordedGroup | RefusedGroup;

/** A larger transaction would make its first report wait for its last. */
const LARGEST_BATCH = 1_000;

/** What the writer thread does for errors. */
export function prepareWrites(connection: SqliteConnection): ThreadWork {
  const writer = new ErrorWriter(connection);
  const states = new ErrorStates(connection);
  const pruner = new ErrorPruner(connection);
  return {
    countTogether: (requests) => countRecordedTogether(requests as WriteRequest[]),
    answer: (requests) => answer(writer, states, pruner, requests as WriteRequest[]),
  };
}

/** Reports that queued up while others were committed become one transaction. */
function countRecordedTogether(requests: readonly WriteRequest[]): number {
  let reports = 0;
  const others = requests.findIndex((request) => {
    if (request.kind !== 'record' || reports >= LARGEST_BATCH) return true;
    reports += request.reports;
    return false;
  });
  return others < 0 ? requests.length : Math.max(1, others);
}

function answer(
  writer: ErrorWriter,
  states: ErrorStates,
  pruner: ErrorPruner,
  requests: readonly WriteRequest[],
): WriteResults[WriteRequest['kind']][] {
  const [request] = requests as [WriteRequest];
  switch (request.kind) {
    case 'record':
      return recordTogether(writer, requests as RecordRequest[]);
    case 'apply-action':
      return [states.apply(request.action, request.ids, request.now)];
    case 'prune':
      return [pruner.deleteBatch(request.before, request.from, request.batchSize)];
    case 'prune-project-hours':
      return [pruner.deleteProjectHours(request.before, request.most)];
    case 'return-freed-pages':
      return [pruner.returnFreedPages(request.most)];
  }
}

function recordTogether(writer: ErrorWriter, requests: readonly RecordRequest[]): RecordResult[] {
  const { joined, parts } = joinGroups(requests.map(({ groups }) => unpackGroups(groups)));
  const keepEvents = requests.some((request) => request.keepEvents);
  const { groups: results, commit } = recordAll(writer, joined, keepEvents);
  const answers: RecordResult[] = parts.map((groups) => ({
    groups: groups.map((part) => {
      const result = results[part.index] as GroupResult;
      return 'refused' in result ? result : toRecordedPart(result, part);
    }),
  }));
  if (commit) (answers[0] as RecordResult).commit = commit;
  return answers;
}

/** One bad report must not take its batch along: when it is not the database that is unwell, each is tried alone. */
function recordAll(writer: ErrorWriter, groups: readonly ReportGroup[], keepEvents: boolean): RecordResult {
  const startedAt = performance.now();
  try {
    const recorded = writer.record(groups, keepEvents);
    const durationMs = performance.now() - startedAt;
    return { groups: recorded, commit: { reports: countReports(groups), durationMs } };
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return { groups: recordOneByOne(writer, groups, keepEvents) };
  }
}

function countReports(groups: readonly ReportGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** When the database becomes unwell midway, only what is not stored yet is refused. */
function recordOneByOne(
  writer: ErrorWriter,
  groups: readonly ReportGroup[],
  keepEvents: boolean,
): GroupResult[] {
  let unavailable: RefusedGroup | null = null;
  return groups.map((group) => {
    if (unavailable) return unavailable;
    try {
      return writer.record([group], keepEvents)[0] as RecordedGroup;
    } catch (error) {
      const refused = toRefusedGroup(error as NodeJS.ErrnoException);
      if (refused.cause === 'unavailable') unavailable = refused;
      return refused;
    }
  });
}

function toRefusedGroup(error: NodeJS.ErrnoException): RefusedGroup {
  const isDamage = /^SQLITE_(CORRUPT|NOTADB)/.test(error.code ?? '');
  const cause = isDatabaseUnavailable(error) ? 'unavailable' : isDamage ? 'damage' : 'report';
  return { refused: error.message, cause };
}
