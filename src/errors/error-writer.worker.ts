import { isDatabaseUnavailable } from '../common/unavailable';
import { serveDatabaseThread } from '../database/serve-database-thread';
import { ErrorPruner, PrunedBatch, PrunePosition } from './error-pruner';
import { ErrorWriter } from './error-writer';
import type { Recorded, Report } from './report';

/** What the writer thread is asked to do. All writes at run time go this way, one after the other. */
export type WriteRequest =
  | { kind: 'record'; reports: readonly Report[] }
  | { kind: 'resolve'; id: number; now: Date }
  | { kind: 'prune'; before: Date; from: PrunePosition; batchSize: number }
  | { kind: 'return-freed-pages'; most: number };

/** The answers, in the order of the requests: what became of each report, whether the error exists, and so on. */
export interface WriteResults {
  record: RecordResult[];
  resolve: boolean;
  prune: PrunedBatch;
  'return-freed-pages': number;
}

/** A report that the database refused for what it holds is answered with the reason; its batch is stored. */
export type RecordResult = Recorded | { refused: string };

serveDatabaseThread((connection) => {
  const writer = new ErrorWriter(connection);
  const pruner = new ErrorPruner(connection);
  return (request) => answer(writer, pruner, request as WriteRequest);
});

function answer(
  writer: ErrorWriter,
  pruner: ErrorPruner,
  request: WriteRequest,
): WriteResults[WriteRequest['kind']] {
  switch (request.kind) {
    case 'record':
      return recordAll(writer, request.reports);
    case 'resolve':
      return writer.resolve(request.id, request.now);
    case 'prune':
      return pruner.deleteBatch(request.before, request.from, request.batchSize);
    case 'return-freed-pages':
      return pruner.returnFreedPages(request.most);
  }
}

/** One bad report must not take its batch along: when it is not the database that is unwell, each is tried alone. */
function recordAll(writer: ErrorWriter, reports: readonly Report[]): RecordResult[] {
  try {
    return writer.record(reports);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return reports.map((report) => recordAlone(writer, report));
  }
}

function recordAlone(writer: ErrorWriter, report: Report): RecordResult {
  try {
    return writer.record([report])[0] as Recorded;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return { refused: (error as Error).message };
  }
}
