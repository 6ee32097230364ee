import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { EventAccess } from '../../auth/event-access';
import { RefusedException } from '../../common/refused-exception';
import { AppConfig } from '../../config/app-config';
import { describeRefusal } from '../../ledger/describe-refusal';
import { Ledger } from '../../ledger/ledger';
import type { IngestKey } from '../../projects/ingest-keys';
import type { Arrival } from './event/arrival';
import { showsItsStart } from './body/body-source';
import { readCredentials, readDsnKey } from './read-credentials';
import { type ReadReports, readReports } from './event/read-reports';
import { createScrubber, type Scrubber } from './scrub/scrubber';
import { SentryBodies, type SentryBody } from './body/sentry-bodies';
import { UNKEPT_HEADERS } from './sentry-headers';
import type { SentryPath } from './sentry-path';
import { SentryStore } from './sentry-store';
import type { EventAnswer } from './sentry.answers';

type SetHeaders = (headers: Record<string, string>) => void;

const LONGEST_CLIENT_REPORT = 4 * 1024;
const NO_REPORTS: ReadReports = { reports: [], feedback: [], id: null, leftOut: [] };

/** A request, and what is known of who sent it so far. */
interface Sending {
  request: IncomingMessage;
  path: SentryPath;
  setHeaders: SetHeaders;
  key: IngestKey | null;
  client: string | null;
}

/** The way in of Sentry's protocol. */
@Injectable()
export class SentryIngest {
  private readonly scrubber: Scrubber;

  constructor(
    private readonly access: EventAccess,
    private readonly bodies: SentryBodies,
    private readonly sentryStore: SentryStore,
    private readonly ledger: Ledger,
    config: AppConfig,
  ) {
    this.scrubber = createScrubber(config.scrubKeys);
  }

  /**
   * Reads a request and stores what it reports; when the promise is fulfilled, that is on disk.
   * @param setHeaders gets headers that belong to the answer
   * @returns the body of the answer
   * @throws HttpException saying what is wrong with the request, or UnavailableError when it cannot be stored now
   */
  async take(path: SentryPath, request: IncomingMessage, setHeaders: SetHeaders): Promise<EventAnswer> {
    const client = request.headers['user-agent'] ?? null;
    const sending: Sending = { request, path, setHeaders, key: null, client };
    try {
      return await this.read(sending);
    } catch (error) {
      if (isLimit(error) && (await this.takeClientReport(sending).catch(() => false))) return {};
      this.noteRefusal(sending, error);
      throw error;
    }
  }

  /**
   * What a client tells of what it lost is taken over any limit: by that people learn how much it was.
   * @returns whether it was such a report, and nothing else
   */
  private async takeClientReport({ request, path, client }: Sending): Promise<boolean> {
    const credentials = readCredentials(request.headers, path.query);
    if (path.route !== 'envelope' || credentials === null) return false;
    const { projectId } = await this.access.find(credentials.key, path.projectId, request.headers);
    const body = await this.bodies.readSmall(request, LONGEST_CLIENT_REPORT);
    if (body.items.length === 0 || body.items.some(({ type }) => type !== 'client_report')) return false;
    await this.sentryStore.store(NO_REPORTS, body, { projectId, client: credentials.client ?? client });
    return true;
  }

  private async read(sending: Sending): Promise<EventAnswer> {
    const { path, request } = sending;
    await this.access.countAddress(request, sending.setHeaders);
    this.sentryStore.requireRoom();
    const credentials = readCredentials(request.headers, path.query);
    if (credentials?.client) sending.client = credentials.client;
    if (credentials) await this.admit(sending, credentials.key);
    else if (path.route !== 'envelope' || !showsItsStart(request)) throw noKey();
    // In a tunnel the envelope itself has the key.
    const body = await this.bodies.read(path.route, request, credentials === null, ({ dsn, client }) => {
      sending.client = credentials?.client ?? client ?? sending.client;
      if (credentials) return undefined;
      const key = dsn === null ? null : readDsnKey(dsn);
      if (key === null) throw noKey();
      return this.admit(sending, key);
    });
    return this.store(sending, body);
  }

  private async admit(sending: Sending, key: string): Promise<void> {
    const { path, request, setHeaders } = sending;
    sending.key = await this.access.admit(key, path.projectId, request.headers, setHeaders);
  }

  /** Not `async`: while it waits for the disk, what was read is garbage already. */
  private store(sending: Sending, body: SentryBody): Promise<EventAnswer> {
    const { request, path, client, setHeaders } = sending;
    const { project, projectId } = sending.key as IngestKey;
    const arrival: Arrival = {
      project,
      receivedAt: new Date(),
      eventId: body.header?.eventId ?? null,
      sentAt: body.header?.sentAt ?? null,
      isBrowser: request.headers.origin !== undefined,
      // Nobody has said that addresses of people may be kept.
      peerAddress: null,
    };
    const read = readReports(body, arrival, path.query, this.scrubber);
    const answer: EventAnswer = read.id === null ? {} : { id: read.id };
    const headers = body.leftOut.size > 0 || read.leftOut.length > 0 ? UNKEPT_HEADERS : {};
    return this.sentryStore.store(read, body, { projectId, client }).then(() => {
      setHeaders(headers);
      return answer;
    });
  }

  private noteRefusal({ key, path, client }: Sending, error: unknown): void {
    const refusal = describeRefusal(error);
    if (!refusal) return;
    const ofKey = key?.projectId ?? refusal.projectId;
    // Without a key in force, the address tells whose clients to look at.
    const ofAddress = this.access.knowsProject(path.projectId) ? Number(path.projectId) : null;
    this.ledger.note({ ...refusal, projectId: ofKey ?? ofAddress, isKeyless: ofKey === null, client });
  }
}

function isLimit(error: unknown): boolean {
  return error instanceof RefusedException && error.getStatus() === 429;
}

function noKey(): RefusedException {
  return new RefusedException(401, 'no-key', 'missing authorization information');
}
