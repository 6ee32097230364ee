import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../common/parse-json';
import type { OccurrenceContext } from '../../../errors/occurrence-context';
import type { Arrival, ReadEvent } from './arrival';
import { findCrashPlace } from './find-crash-place';
import { fingerprintEvent } from './fingerprint-event';
import { parseEventId } from '../parse-event-id';
import { readBreadcrumbs } from './read-breadcrumbs';
import { readContexts } from './read-contexts';
import { writeExtra } from './read-extra';
import { readLevel } from './read-level';
import { readRequest } from './read-request';
import { readSource } from './read-source';
import { readTags, toLine, writeTags } from './read-tags';
import { readThrown } from './read-thrown';
import { readEventTime } from './read-time';
import { readUser } from './read-user';
import { cutText, firstOf, readObject, readWord } from './read-values';
import { startReading } from './reading';
import { renderTraceback } from '../render/render-traceback';
import type { Scrubber } from '../scrub/scrubber';
import { writeContext } from './write-context';

const LONGEST_WORD = 250;
const LONGEST_PLATFORM = 50;

/**
 * Brings an event into the shape that is stored, whatever SDK wrote it. What has a wrong type is absent, what is too
 * large is cut, secrets are removed; never throws, linear in the size of the event.
 */
export function readEvent(event: JsonObject, arrival: Arrival, scrubber: Scrubber): ReadEvent {
  const { project, receivedAt } = arrival;
  const reading = startReading(scrubber);
  const { cut } = reading;
  const platform = readPlatform(event.platform);
  const thrown = readThrown(event, platform, reading);
  const [main] = thrown.exceptions;
  const place = findCrashPlace(main?.frames ?? [], event, platform);
  const shownPlace = thrown.isMessage ? null : place;
  const request = readRequest(firstOf(event, 'request', 'sentry.interfaces.Http'), scrubber, cut);
  const user = readUser(
    event,
    firstOf(event, 'user', 'sentry.interfaces.User'),
    arrival.peerAddress,
    reading,
  );
  const environment = readLine(event.environment);
  const release = readLine(event.release);
  const level = readLevel(event.level) ?? (thrown.isMessage ? 'info' : 'error');
  const tags = readTags(event.tags, reading);
  const foundBy = writeTags(tags, { environment, release, level, user: user.id }, cut);
  const extra = writeExtra(event, request?.sent ?? null, thrown.logged, reading);
  const time = readEventTime(event.timestamp, receivedAt, arrival.sentAt);
  const report: ReadEvent['report'] = {
    fingerprint: fingerprintEvent(event, project, thrown, place),
    project,
    exceptionType: thrown.type,
    message: thrown.text,
    traceback: renderTraceback(thrown, platform, cut),
    file: shownPlace?.file ?? null,
    line: shownPlace?.line ?? null,
    source: readSource(event, platform, arrival.isBrowser),
    requestUrl: request?.url ?? null,
    requestMethod: request?.method ?? null,
    requestHeaders: request?.headers ?? null,
    userId: user.id,
    extra,
    receivedAt,
    details: {
      eventId: arrival.eventId ?? parseEventId(event.event_id) ?? randomUUID().replaceAll('-', ''),
      environment,
      release,
      level,
      platform,
      handled: thrown.isMessage ? null : (main?.shown.handled ?? null),
      tags: foundBy,
      context: writeContext(
        withoutEmpty({
          occurred_at: time.at.toISOString(),
          exceptions: thrown.exceptions.map(({ shown }) => shown),
          breadcrumbs: readBreadcrumbs(
            firstOf(event, 'breadcrumbs', 'sentry.interfaces.Breadcrumbs'),
            time.shiftMs,
            reading,
          ),
          tags: Object.fromEntries(tags),
          user: user.shown ?? undefined,
          contexts:
            readContexts(firstOf(event, 'contexts', 'sentry.interfaces.Contexts'), reading) ?? undefined,
          sdk: readSdk(event.sdk),
        }),
        cut,
      ),
    },
  };
  return { report, cut: [...cut] };
}

/** Some letters are longer in lower case. */
function readPlatform(sent: unknown): string {
  return cutText(readWord(sent, LONGEST_PLATFORM)?.toLowerCase() ?? 'other', LONGEST_PLATFORM);
}

/** As lists find it. */
function readLine(sent: unknown): string | null {
  return toLine(readWord(sent, LONGEST_WORD) ?? '', LONGEST_WORD) || null;
}

function readSdk(sent: unknown): OccurrenceContext['sdk'] {
  const sdk = readObject(sent);
  const name = readWord(sdk?.name, LONGEST_WORD);
  const version = readWord(sdk?.version, LONGEST_WORD);
  return name === null && version === null ? undefined : { name, version };
}

function withoutEmpty(context: OccurrenceContext): OccurrenceContext {
  const { exceptions, breadcrumbs, tags } = context;
  if (exceptions?.length === 0) delete context.exceptions;
  if (breadcrumbs?.length === 0) delete context.breadcrumbs;
  if (tags && Object.keys(tags).length === 0) delete context.tags;
  return context;
}
