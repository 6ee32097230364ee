import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import type { ErrorWithNewest } from '../errors/error-details';
import { ErrorsService } from '../errors/errors.service';
import type { Alert, AlertedError, SummarizedProject, SummaryAlert } from './alert';
import type { DueDelivery } from './delivery';
import { DeliveryReader } from './delivery-reader';
import { DeliveryWriter } from './delivery-writer';

/** Of so many projects a summary names errors; of the others it tells how many there are. */
const PROJECTS_IN_DETAIL = 50;

/** Gathers what an alert tells, at the time it is sent. */
@Injectable()
export class AlertContents {
  constructor(
    private readonly config: AppConfig,
    private readonly errors: ErrorsService,
    private readonly reader: DeliveryReader,
    private readonly writer: DeliveryWriter,
  ) {}

  /** @returns null when there is nothing to tell any more: the errors have been deleted */
  async find({ id, kind, errorId, createdAt }: DueDelivery): Promise<Alert | null> {
    if (kind === 'test') return { kind };
    if (kind === 'summary') return this.summarize(id, createdAt);
    const found = await this.errors.findWithNewest(errorId ?? 0);
    return found && { kind, error: toAlertedError(kind, found) };
  }

  private async summarize(id: number, since: Date): Promise<SummaryAlert | null> {
    await this.writer.ask({ kind: 'fill-summary', id });
    const counts = new Map<string, SummarizedProject>();
    for (const { project, kind, n } of await this.reader.ask({ kind: 'held', summaryId: id })) {
      const counted = counts.get(project) ?? { project, created: 0, reopened: 0, newest: [] };
      counts.set(project, { ...counted, [kind]: n });
    }
    if (counts.size === 0) return null;
    const projects = [...counts.values()].sort((left, right) => total(right) - total(left));
    for (const project of projects.slice(0, PROJECTS_IN_DETAIL)) {
      const newest = { kind: 'newest-held', summaryId: id, project: project.project } as const;
      project.newest = await this.errors.findTitles(await this.reader.ask(newest));
    }
    return { kind: 'summary', hourlyCap: this.config.alertHourlyCap, since, projects };
  }
}

function total({ created, reopened }: SummarizedProject): number {
  return created + reopened;
}

/** What brought an error back is in its newest report; a new one is told with its first. */
function toAlertedError(kind: 'created' | 'reopened', { error, newest }: ErrorWithNewest): AlertedError {
  const texts = (kind === 'reopened' && newest) || error;
  return {
    id: error.id,
    project: error.project,
    exceptionType: error.exception_type,
    message: texts.message,
    traceback: texts.traceback,
    count: error.count,
    firstSeen: new Date(error.first_seen),
    lastSeen: new Date(error.last_seen),
    source: error.source,
    requestMethod: newest?.request_method ?? null,
    requestUrl: newest?.request_url ?? null,
    level: newest?.level ?? error.level,
    environment: newest?.environment ?? null,
    release: newest?.release ?? null,
  };
}
