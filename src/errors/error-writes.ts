import { isDatabaseUnavailable } from '../common/unavailable';
import type { ThreadWork } from '../database/thread-work';
import type { PostgresConnection } from '../database/postgres/postgres-connection';
import type { SqlConnection } from '../database/sql-connection';
import type { SqliteConnection } from '../database/sqlite/sqlite-connection';
import type { ActionResult, ErrorAction } from './error-action';
import type { ReportsCommit } from './error-events';
import { ErrorPruner, PrunedBatch, PrunePosition } from './error-pruner';
import { EventIdPruner } from './event-id-pruner';
import { ErrorStates } from './error-states';
import { type PackedGroups, unpackGroups } from './packed-groups';
import { eventsAmong } from './counted-group';
import { PostgresReportWriter } from './postgres-report-writer';
import { joinGroups, type RecordedGroup, type ReportGroup, toRecordedPart } from './report-group';
import type { ReportWriter } from './report-writer';
import { SqliteReportWriter } from './sqlite-report-writer';

interface RecordRequest {
  kind: 'record';
  /** how many reports, those included that only count */
  reports: number;
  groups: PackedGroups;
  /** see `ReportWriter.record` */
  keepEvents: boolean;
}

/** What the writer thread is asked to do. All writes at run time go this way, one after the other. */
export type WriteRequest =
  | RecordRequest
  | { kind: 'apply-action'; action: ErrorAction; ids: readonly number[]; now: Date }
  | { kind: 'prune'; before: Date; from: PrunePosition; batchSize: number }
  | { kind: 'prune-project-hours'; before: Date; most: number }
  | { kind: 'prune-event-ids'; before: Date; most: number }
  | { kind: 'limit-event-ids'; kept: number; most: number }
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
  'prune-event-ids': number;
  'limit-event-ids': number;
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
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const writer = openReportWriter(connection);
  const states = new ErrorStates(connection);
  const pruner = new ErrorPruner(connection);
  const eventIds = new EventIdPruner(connection);
  const answer = (request: Exclude<WriteRequest, RecordRequest>) => {
    switch (request.kind) {
      case 'apply-action':
        return states.apply(request.action, request.ids, request.now);
      case 'prune':
        return pruner.deleteBatch(request.before, request.from, request.batchSize);
      case 'prune-project-hours':
        return pruner.deleteProjectHours(request.before, request.most);
      case 'prune-event-ids':
        return eventIds.forgetBefore(request.before, request.most);
      case 'limit-event-ids':
        return eventIds.forgetBeyond(request.kept, request.most);
      case 'return-freed-pages':
        return connection.returnFreedPages(request.most);
    }
  };
  return {
    countTogether: (requests) => countRecordedTogether(requests as WriteRequest[]),
    answer: async (requests) => {
      const [request] = requests as [WriteRequest];
      if (request.kind === 'record') return recordTogether(writer, requests as RecordRequest[]);
      return [await answer(request)];
    },
  };
}

function openReportWriter(connection: SqlConnection): ReportWriter {
  return connection.dialect.kind === 'sqlite'
    ? new SqliteReportWriter((connection as SqliteConnection).database)
    : new PostgresReportWriter(connection as PostgresConnection);
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

async function recordTogether(
  writer: ReportWriter,
  requests: readonly RecordRequest[],
): Promise<RecordResult[]> {
  const { joined, parts } = joinGroups(requests.map(({ groups }) => unpackGroups(groups)));
  const keepEvents = requests.some((request) => request.keepEvents);
  const { groups: results, commit } = await recordAll(writer, joined, keepEvents);
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
async function recordAll(
  writer: ReportWriter,
  groups: readonly ReportGroup[],
  keepEvents: boolean,
): Promise<RecordResult> {
  const startedAt = performance.now();
  try {
    const recorded = await writer.record(groups, keepEvents);
    const durationMs = performance.now() - startedAt;
    return { groups: recorded, commit: { ...countReports(groups), durationMs } };
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return { groups: await recordOneByOne(writer, groups, keepEvents) };
  }
}

function countReports(groups: readonly ReportGroup[]): Pick<ReportsCommit, 'reports' | 'events'> {
  return {
    reports: groups.reduce((sum, { count }) => sum + count, 0),
    events: groups.reduce((sum, { reports }) => sum + eventsAmong(reports).length, 0),
  };
}

/** When the database becomes unwell midway, only what is not stored yet is refused. */
async function recordOneByOne(
  writer: ReportWriter,
  groups: readonly ReportGroup[],
  keepEvents: boolean,
): Promise<GroupResult[]> {
  let unavailable: RefusedGroup | null = null;
  const results: GroupResult[] = [];
  for (const group of groups) {
    const result: GroupResult = unavailable ?? (await recordOne(writer, group, keepEvents));
    if ('refused' in result && result.cause === 'unavailable') unavailable = result;
    results.push(result);
  }
  return results;
}

async function recordOne(
  writer: ReportWriter,
  group: ReportGroup,
  keepEvents: boolean,
): Promise<GroupResult> {
  try {
    const [recorded] = await writer.record([group], keepEvents);
    return recorded as RecordedGroup;
  } catch (error) {
    return toRefusedGroup(error as NodeJS.ErrnoException);
  }
}

function toRefusedGroup(error: NodeJS.ErrnoException): RefusedGroup {
  const isDamage = /^(SQLITE_(CORRUPT|NOTADB)|XX00[12])/.test(error.code ?? '');
  const cause = isDatabaseUnavailable(error) ? 'unavailable' : isDamage ? 'damage' : 'report';
  return { refused: error.message, cause };
}
