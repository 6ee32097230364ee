import { serveDatabaseThread } from '../database/serve-database-thread';
import type { ErrorFilter } from './error-filter';
import { ListErrors, type ListPage } from './list-errors';
import { type OverviewPage, ProjectOverview } from './project-overview';

export type ListRequest =
  { kind: 'list'; filter: ErrorFilter; page: ListPage } | { kind: 'overview'; page: OverviewPage };

/** Holds the index pages of a deep page or the newest texts, so that the next request finds them; a small file uses less. */
const CACHE_KIB = 48 * 1024;

serveDatabaseThread((connection) => {
  connection.pragma('query_only = ON');
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.pragma('temp_store = MEMORY');
  const listErrors = new ListErrors(connection);
  const overview = new ProjectOverview(connection);
  return {
    answer: (requests) =>
      (requests as ListRequest[]).map((request) =>
        request.kind === 'list'
          ? listErrors.list(request.filter, request.page, new Date())
          : overview.read(request.page, new Date()),
      ),
  };
});
