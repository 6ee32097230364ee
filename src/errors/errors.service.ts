import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { describeTraceback } from './describe-traceback';
import { ErrorGroup } from './error-group.entity';
import { unknownError } from './error-id.pipe';
import { ErrorDetail } from './errors.answers';
import type { FrameAnswer } from './frame.answer';
import { Occurrence } from './occurrence.entity';
import { KEPT_OCCURRENCES } from './report-group';
import type { StoredError, StoredOccurrence } from './write-error-json';

@Injectable()
export class ErrorsService {
  constructor(
    @InjectRepository(ErrorGroup) private readonly errors: Repository<ErrorGroup>,
    @InjectRepository(Occurrence) private readonly occurrences: Repository<Occurrence>,
  ) {}

  /**
   * An error with its newest occurrences, newest first.
   * @throws NotFoundException when there is no such error
   */
  async get(id: number): Promise<StoredError> {
    const error = await this.errors.findOneBy({ id });
    if (!error) throw unknownError(id);
    const occurrences = await this.occurrences.find({
      where: { error: { id } },
      order: { timestamp: 'DESC', id: 'DESC' },
      take: KEPT_OCCURRENCES,
    });
    const frames = readOtherFrames(occurrences, error);
    return {
      error: toDetail(error),
      occurrences: occurrences.map((occurrence) => toAnswer(occurrence, error, frames)),
    };
  }
}

/** The frames of each traceback that is not that of the error, read once however many occurrences have it. */
function readOtherFrames(
  occurrences: readonly Occurrence[],
  error: ErrorGroup,
): Map<string, FrameAnswer[] | null> {
  const tracebacks = new Set(occurrences.map(({ traceback }) => traceback ?? error.traceback));
  tracebacks.delete(error.traceback);
  return new Map([...tracebacks].map((traceback) => [traceback, describeTraceback(traceback).frames]));
}

function toDetail(error: ErrorGroup): ErrorDetail {
  return {
    id: error.id,
    fingerprint: error.fingerprint,
    project: error.project,
    exception_type: error.exceptionType,
    message: error.message,
    traceback: error.traceback,
    count: error.count,
    first_seen: error.firstSeen.toISOString(),
    last_seen: error.lastSeen.toISOString(),
    resolved: error.resolved,
    resolved_at: error.resolvedAt?.toISOString() ?? null,
    source: error.source,
    ...describeTraceback(error.traceback),
  };
}

function toAnswer(
  occurrence: Occurrence,
  error: ErrorGroup,
  frames: ReadonlyMap<string, FrameAnswer[] | null>,
): StoredOccurrence {
  const traceback = occurrence.traceback ?? error.traceback;
  return {
    id: occurrence.id,
    timestamp: occurrence.timestamp.toISOString(),
    request_url: occurrence.requestUrl,
    request_method: occurrence.requestMethod,
    request_headers: occurrence.requestHeaders,
    user_id: occurrence.userId,
    extra: occurrence.extra,
    message: occurrence.message ?? error.message,
    traceback,
    frames: frames.get(traceback) ?? null,
  };
}
