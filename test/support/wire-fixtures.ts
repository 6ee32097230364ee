import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

const FOLDER = join(__dirname, '..', 'fixtures', 'wire');

/** What our reading of a recorded request must be. */
export interface ExpectedEvent {
  items: string[];
  eventId: string;
  platform: string;
  level: string;
  exceptionType: string;
  message: string;
  /** by the choice of the frame, also where the text groups */
  crashFile: string | null;
  crashLine: number | null;
  environment: string | null;
  release: string | null;
  userId: string | null;
  exceptions: number;
  groupBy: 'frame' | 'message';
  /** absent when nothing is cut */
  cut?: string[];
}

export interface RecordedRequest {
  method: string;
  url: string;
  headers: [string, string][];
  bodyEncoding: 'utf8' | 'base64';
  body: string;
}

/** The recordings that hold an event, with what is expected of each. */
export function listExpectedEvents(): [file: string, expected: ExpectedEvent][] {
  const expected = readJson('expected.json') as Record<string, ExpectedEvent>;
  return Object.entries(expected).filter(([, { items }]) => items.includes('event'));
}

/** What is expected of a recording; nothing for one that is no report. */
export function readExpected(file: string): ExpectedEvent | undefined {
  return (readJson('expected.json') as Record<string, ExpectedEvent>)[file];
}

/** All recordings, as `folder/file.json`. */
export function listRecordings(): string[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => readdirSync(join(FOLDER, name)).map((file) => `${name}/${file}`));
}

export function readRecording(file: string): RecordedRequest {
  return readJson(file) as RecordedRequest;
}

/**
 * The event of a recorded request, and the header of its envelope, when it came in one. It knows what the recordings hold,
 * and no more.
 */
export function readRecordedEvent(file: string): {
  header: Record<string, unknown>;
  event: Record<string, unknown>;
} {
  const { body, bodyEncoding, headers } = readRecording(file);
  const sent = Buffer.from(body, bodyEncoding);
  const isGzip = headers.some(
    ([name, value]) => name.toLowerCase() === 'content-encoding' && value === 'gzip',
  );
  const plain = isGzip ? gunzipSync(sent) : sent;
  const text =
    plain[0] === 0x7b ? plain.toString() : inflateSync(Buffer.from(plain.toString(), 'base64')).toString();
  const [header = '', itemHeader, payload] = text.split('\n');
  if (itemHeader === undefined) return { header: {}, event: parse(header) };
  if (payload === undefined || parse(itemHeader).type !== 'event')
    throw new Error(`${file} does not begin with an event`);
  return { header: parse(header), event: parse(payload) };
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}
