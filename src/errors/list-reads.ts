import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';
import type { ErrorFilter } from './error-filter';
import type { ErrorList } from './errors.answers';
import { ListErrors } from './list-errors';
import type { ListPage } from './list-page';
import { type OverviewPage, ProjectOverview } from './project-overview';
import type { ProjectOverviewAnswer } from './project-overview.answers';
import { TagValues, type Texts, type ValuePage } from './tag-values';

/** What the thread for slow reads is asked for errors. */
export type ListRead =
  | { kind: 'list'; filter: ErrorFilter; page: ListPage }
  | { kind: 'overview'; page: OverviewPage }
  | { kind: 'tag-names'; limit: number }
  | { kind: 'tag-values'; page: ValuePage };

/** The answers. */
export interface ListReadResults {
  list: ErrorList;
  overview: ProjectOverviewAnswer;
  'tag-names': Texts;
  'tag-values': Texts;
}

/** Holds the index pages of a deep page or the newest texts, so that the next request finds them; a small file uses less. */
const CACHE_KIB = 48 * 1024;

/** What the thread for slow reads does for errors. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  connection.enlargeCache(CACHE_KIB);
  const listErrors = new ListErrors(connection);
  const overview = new ProjectOverview(connection);
  const tagValues = new TagValues(connection);
  const answer = (request: ListRead): Promise<ListReadResults[ListRead['kind']]> => {
    switch (request.kind) {
      case 'list':
        return listErrors.list(request.filter, request.page, new Date());
      case 'overview':
        return overview.read(request.page, new Date());
      case 'tag-names':
        return tagValues.listNames(request.limit);
      case 'tag-values':
        return tagValues.listValues(request.page);
    }
  };
  return { answer: (requests) => Promise.all((requests as ListRead[]).map(answer)) };
}
