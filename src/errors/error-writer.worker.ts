import { isDatabaseUnavailable } from '../common/unavailable';
import { serveDatabaseThread } from '../database/serve-database-thread';
import { ErrorPruner, PrunedBatch, PrunePosition } from './error-pruner';
import { ErrorWriter } from './error-writer';
import type { RecordedGroup, ReportGroup } from './report-group';

/** What the writer thread is asked to do. All writes at run time go this way, one after the other. */
export type WriteRequest =
  | { kind: 'record'; groups: readonly ReportGroup[] }
  | { kind: 'resolve'; id: number; now: Date }
  | { kind: 'prune'; before: Date; from: PrunePosition; batchSize: number }
  | { kind: 'return-freed-pages'; most: number };

/** The answers, in the order of the requests: what became of each group, whether the error exists, and so on. */
export interface WriteResults {
  record: GroupResult[];
  resolve: boolean;
  prune: PrunedBatch;
  'return-freed-pages': number;
}

/** Reports that the database refused for what they hold are answered with the reason; their batch is stored. */
export type GroupResult = RecordedGroup | { refused: string; damaged: boolean };

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
      return recordAll(writer, request.groups);
    case 'resolve':
      return writer.resolve(request.id, request.now);
    case 'prune':
      return pruner.deleteBatch(request.before, request.from, request.batchSize);
    case 'return-freed-pages':
      return pruner.returnFreedPages(request.most);
  }
}

/** One bad report must not take its batch along: when it is not the database that is unwell, each is tried alone. */
function recordAll(writer: ErrorWriter, groups: readonly ReportGroup[]): GroupResult[] {
  try {
    return writer.record(groups);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    return groups.map((group) => recordAlone(writer, group));
  }
}

function recordAlone(writer: ErrorWriter, group: ReportGroup): GroupResult {
  try {
    return writer.record([group])[0] as RecordedGroup;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    return { refused: message, damaged: /^SQLITE_(CORRUPT|NOTADB)/.test(code ?? '') };
  }
}
