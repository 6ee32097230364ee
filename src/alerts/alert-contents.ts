import { Injectable, NotFoundException } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import type { ErrorWithOccurrences } from '../errors/errors.answers';
import { ErrorsService } from '../errors/errors.service';
import type { Alert, AlertedError, SummarizedProject, SummaryAlert } from './alert';
import type { DueDelivery } from './delivery';
import { DeliveryQueries, type HeldErrors } from './delivery-queries';
import { DeliveryWriter } from './delivery-writer';

/** Gathers what an alert tells, at the time it is sent. */
@Injectable()
export class AlertContents {
  constructor(
    private readonly config: AppConfig,
    private readonly errors: ErrorsService,
    private readonly queries: DeliveryQueries,
    private readonly writer: DeliveryWriter,
  ) {}

  /** @returns null when there is nothing to tell any more: the errors have been deleted */
  async find({ id, kind, errorId }: DueDelivery): Promise<Alert | null> {
    if (kind === 'test') return { kind };
    if (kind === 'summary') return this.summarize(id);
    const error = await this.findError(errorId ?? 0);
    return error && { kind, error: toAlertedError(kind, error) };
  }

  private async summarize(id: number): Promise<SummaryAlert | null> {
    await this.writer.ask({ kind: 'fill-summary', id });
    const held = this.queries.findHeld(id);
    if (!held.since) return null;
    const names = [...new Set(held.errors.map(({ project }) => project))];
    const projects = await Promise.all(
      names.map((project) => this.summarizeProject(held.errors.filter((one) => one.project === project))),
    );
    projects.sort((left, right) => total(right) - total(left));
    return { kind: 'summary', hourlyCap: this.config.alertHourlyCap, since: held.since, projects };
  }

  /** @param held of one project: the new ones, the reopened ones, or both */
  private async summarizeProject(held: HeldErrors[]): Promise<SummarizedProject> {
    const countOf = (kind: string) => held.find((one) => one.kind === kind)?.n ?? 0;
    const ids = [...new Set(held.flatMap(({ newest }) => newest))].sort((a, b) => b - a).slice(0, 5);
    const errors = await Promise.all(ids.map((id) => this.findError(id)));
    return {
      project: held[0]?.project ?? '',
      created: countOf('created'),
      reopened: countOf('reopened'),
      newest: errors.flatMap((found) =>
        found
          ? [{ id: found.error.id, exceptionType: found.error.exception_type, message: found.error.message }]
          : [],
      ),
    };
  }

  private async findError(id: number): Promise<ErrorWithOccurrences | null> {
    try {
      return await this.errors.get(id);
    } catch (error) {
      if (error instanceof NotFoundException) return null;
      throw error;
    }
  }
}

function total({ created, reopened }: SummarizedProject): number {
  return created + reopened;
}

/** What brought an error back is in its newest report; a new one is told with its first. */
function toAlertedError(
  kind: 'created' | 'reopened',
  { error, occurrences: [newest] }: ErrorWithOccurrences,
): AlertedError {
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
  };
}
