import type { OccurrenceContext } from '../../src/errors/occurrence-context';
import type { Arrival } from '../../src/ingest/sentry/arrival';
import { parseEventId } from '../../src/ingest/sentry/parse-event-id';
import { readEvent } from '../../src/ingest/sentry/read-event';
import { createScrubber } from '../../src/ingest/sentry/scrubber';
import { listExpectedEvents, readRecordedEvent } from '../support/wire-fixtures';

const receivedAt = new Date('2026-11-23T01:00:00Z');
const scrubber = createScrubber();

function readRecorded(file: string) {
  const { header, event } = readRecordedEvent(file);
  const arrival: Arrival = {
    project: 'shop',
    receivedAt,
    eventId: parseEventId(header.event_id),
    sentAt: typeof header.sent_at === 'string' ? new Date(header.sent_at) : null,
    isBrowser: file.startsWith('sentry-browser'),
    peerAddress: '192.0.2.7',
  };
  const { report, cut } = readEvent(event, arrival, scrubber);
  const details = report.details!;
  return { event, report, details, cut, context: JSON.parse(details.context) as OccurrenceContext };
}

describe('a recorded event', () => {
  test.each(listExpectedEvents())('%s is read as expected', (file, expected) => {
    const { report, details, context, cut } = readRecorded(file);
    const thrown = context.exceptions?.[0]?.frames.find((frame) => frame.thrown);

    expect({
      eventId: details.eventId,
      platform: details.platform,
      level: details.level,
      exceptionType: report.exceptionType,
      message: report.message,
      environment: details.environment,
      release: details.release,
      userId: report.userId,
    }).toEqual({
      eventId: expected.eventId,
      platform: expected.platform,
      level: expected.level,
      exceptionType: expected.exceptionType,
      message: expected.message,
      environment: expected.environment,
      release: expected.release,
      userId: expected.userId,
    });
    expect(thrown?.line ?? null).toBe(expected.crashLine);
    if (expected.groupBy === 'frame') {
      expect([report.file, report.line]).toEqual([expected.crashFile, expected.crashLine]);
    } else {
      expect([report.file, report.line]).toEqual([null, null]);
    }
    if (expected.exceptionType !== 'Message') expect(context.exceptions).toHaveLength(expected.exceptions);
    expect(report.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(cut).toEqual([]);
  });
});
