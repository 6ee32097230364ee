import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import type { ErrorFilter } from './error-filter';
import type { ErrorList } from './errors.answers';
import type { ListPage } from './list-page';
import type { ListRead, ListReadResults } from './list-reads';
import type { OverviewPage } from './project-overview';
import type { ProjectOverviewAnswer } from './project-overview.answers';
import type { ValuePage } from './tag-values';
import type { TagNamesAnswer, TagValuesAnswer } from './tag-values.answers';

const MOST_TAG_NAMES = 200;

/** The lists of errors and of projects: what people wait for when they look for something. */
@Injectable()
export class ErrorLists {
  constructor(private readonly reader: DatabaseReader) {}

  /** One page of the errors that fit the filter, and how many fit in all. */
  list(filter: ErrorFilter, page: ListPage): Promise<ErrorList> {
    return this.ask({ kind: 'list', filter, page });
  }

  /** One page of the overview of projects. */
  overview(page: OverviewPage): Promise<ProjectOverviewAnswer> {
    return this.ask({ kind: 'overview', page });
  }

  /** The names of tags, at most 200. */
  async listTagNames(): Promise<TagNamesAnswer> {
    const { texts, more } = await this.ask({ kind: 'tag-names', limit: MOST_TAG_NAMES });
    return { names: texts, more };
  }

  /** Values of a tag. */
  async listTagValues(page: ValuePage): Promise<TagValuesAnswer> {
    const { texts, more } = await this.ask({ kind: 'tag-values', page });
    return { name: page.name, values: texts, more };
  }

  private async ask<Kind extends ListRead['kind']>(
    request: Extract<ListRead, { kind: Kind }>,
  ): Promise<ListReadResults[Kind]> {
    return (await this.reader.ask('errors/list-reads', request, 'slow')) as ListReadResults[Kind];
  }
}
