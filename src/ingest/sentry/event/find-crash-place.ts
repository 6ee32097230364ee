import type { JsonObject } from '../../../common/parse-json';
import { findCrashFrame, hideBuildHash, normalizeFile } from '../../../fingerprints/crash-place';
import type { ReadFrame } from './read-frames';
import { readList, readObject } from './read-values';

export interface CrashPlace {
  /** as it is shown */
  file: string;
  line: number;
  /** as it groups */
  key: { file: string; line: string };
}

/** Lines of bundles that were written by hand are shorter. */
const LONGEST_WRITTEN_LINE = 300;
const LAST_WRITTEN_COLUMN = 200;

/**
 * Where the event was thrown; marks the frame. Null when no frame has a place.
 * @param frames newest call first
 */
export function findCrashPlace(
  frames: readonly ReadFrame[],
  event: JsonObject,
  platform: string,
): CrashPlace | null {
  const frame = frames[findCrashFrame(frames.map(toCrashFrame))];
  if (!frame) return null;
  frame.shown.thrown = true;
  const { file: written, module, line } = toCrashFrame(frame);
  const file = normalizeFile(written ?? module ?? '');
  const isScript = ['javascript', 'node'].includes(frame.platform ?? platform);
  const isOneLine = isScript && isMinified(frame, event);
  const isAsset = isScript && /^https?:/.test(written ?? '');
  const { column } = frame.shown;
  return {
    file,
    line: line ?? 0,
    key: {
      file: isOneLine || isAsset ? hideBuildHash(file) : file,
      line: isOneLine && column !== null ? `${line ?? 0}:${column}` : String(line),
    },
  };
}

function toCrashFrame({ filename, module, inApp, shown: { file, line } }: ReadFrame) {
  return { filename, file, module, inApp, line };
}

/** Whether a frame is in a bundle of few long lines, whose line alone says little. */
function isMinified({ filename, absPath, shown: { source, column } }: ReadFrame, event: JsonObject): boolean {
  if (namesSourceMap(event, absPath ?? filename)) return true;
  if (column === null || column <= LAST_WRITTEN_COLUMN) return false;
  return source === undefined || source.length > LONGEST_WRITTEN_LINE || source.includes('{snip}');
}

function namesSourceMap(event: JsonObject, file: string | null): boolean {
  if (file === null) return false;
  return readList(readObject(event.debug_meta)?.images).some((value) => {
    const image = readObject(value);
    return (
      image?.type === 'sourcemap' &&
      typeof image.code_file === 'string' &&
      withoutScheme(image.code_file) === withoutScheme(file)
    );
  });
}

function withoutScheme(file: string): string {
  return file.startsWith('file://') ? file.slice('file://'.length) : file;
}
