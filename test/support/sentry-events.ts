import type { OccurrenceContext } from '../../src/errors/occurrence-context';
import type { Report, ReportDetails } from '../../src/errors/report';
import type { Arrival } from '../../src/ingest/sentry/event/arrival';
import { readEvent } from '../../src/ingest/sentry/event/read-event';
import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';

type SentEvent = Record<string, unknown>;

const ARRIVAL: Arrival = {
  project: 'shop',
  receivedAt: new Date('2026-11-23T12:00:00Z'),
  eventId: null,
  sentAt: null,
  isBrowser: false,
  peerAddress: null,
};

const scrubber = createScrubber();

export interface ReadParts {
  report: Report;
  details: ReportDetails;
  context: OccurrenceContext;
  /** null when there is none */
  extra: Record<string, unknown> | null;
  headers: Record<string, string> | null;
  tags: [name: string, value: string][];
  cut: string[];
}

/** What an event is read as, its JSON parsed again. It travels as JSON, as it would from a client. */
export function readParts(event: SentEvent, arrival: Partial<Arrival> = {}, secrets = scrubber): ReadParts {
  const sent = JSON.parse(JSON.stringify(event)) as SentEvent;
  const { report, cut } = readEvent(sent, { ...ARRIVAL, ...arrival }, secrets);
  const details = report.details!;
  return {
    report,
    details,
    cut,
    context: JSON.parse(details.context) as OccurrenceContext,
    extra: JSON.parse(report.extra ?? 'null') as Record<string, unknown> | null,
    headers: JSON.parse(report.requestHeaders ?? 'null') as Record<string, string> | null,
    tags: JSON.parse(details.tags) as [string, string][],
  };
}

/** An event with one exception, whose calls are given as they travel, the oldest first. */
export function thrownIn(platform: string, frames: SentEvent[], exception: SentEvent = {}): SentEvent {
  return {
    platform,
    exception: { values: [{ type: 'ValueError', value: 'no', ...exception, stacktrace: { frames } }] },
  };
}
