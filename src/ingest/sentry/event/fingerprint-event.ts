import type { JsonObject } from '../../../common/parse-json';
import {
  fingerprintByMessage,
  fingerprintByParts,
  fingerprintByPlace,
  toTemplate,
} from '../../../fingerprints/event-fingerprint';
import type { CrashPlace } from './find-crash-place';
import type { Thrown } from './read-thrown';
import { readText, readWord } from './read-values';

const MOST_PARTS = 100;
const LONGEST_PART = 1_000;
const LONGEST_LOGGER = 250;
const LONGEST_TEMPLATE = 1_000;

/**
 * The fingerprint of an event: the client's own choice, else that of the place where it was thrown, else of its text.
 * Messages go by text even when they have a stack, as that of some SDKs ends in the SDK.
 * @param place null when no frame has one
 */
export function fingerprintEvent(
  event: JsonObject,
  project: string,
  thrown: Thrown,
  place: CrashPlace | null,
): string {
  const byDefault = fingerprintByDefault(event, project, thrown, place);
  const parts = readParts(event);
  return parts.length === 0 ? byDefault : fingerprintByParts(project, parts, byDefault);
}

function fingerprintByDefault(
  event: JsonObject,
  project: string,
  thrown: Thrown,
  place: CrashPlace | null,
): string {
  const { type: exceptionType, text, template, isMessage } = thrown;
  if (place !== null && !isMessage) {
    const { file, line } = place.key;
    return fingerprintByPlace({ project, exceptionType, file, line });
  }
  const logger = readWord(event.logger, LONGEST_LOGGER) ?? '';
  return fingerprintByMessage({
    project,
    exceptionType,
    logger,
    template: template?.slice(0, LONGEST_TEMPLATE) ?? toTemplate(text),
  });
}

/** Some of the oldest SDKs have a `checksum` instead. */
function readParts(event: JsonObject): string[] {
  const sent = event.fingerprint;
  const list: unknown[] = Array.isArray(sent) ? sent.slice(0, MOST_PARTS) : [sent];
  const parts = list
    .map((part) => readText(part, LONGEST_PART))
    .filter((part) => part !== null && part !== '');
  const checksum = readWord(event.checksum, LONGEST_PART);
  return parts.length === 0 && checksum !== null ? [checksum] : (parts as string[]);
}
