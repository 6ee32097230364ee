import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { EventAccess } from '../../auth/event-access';
import { RefusedException } from '../../common/refused-exception';
import { AppConfig } from '../../config/app-config';
import { WriteQueue } from '../../errors/write-queue';
import type { IngestKey } from '../../projects/ingest-keys';
import { readCredentials, readDsnKey } from './read-credentials';
import type { Arrival } from './arrival';
import { createScrubber, type Scrubber } from './scrubber';
import { SentryBodies, type SentryBody } from './sentry-bodies';
import { readReports } from './read-reports';
import { UNKEPT_HEADERS } from './sentry-headers';
import type { SentryPath } from './sentry-path';
import type { EventAnswer } from './sentry.answers';

type SetHeaders = (headers: Record<string, string>) => void;

/** The way in of Sentry's protocol. */
@Injectable()
export class SentryIngest {
  private readonly scrubber: Scrubber;

  constructor(
    private readonly access: EventAccess,
    private readonly bodies: SentryBodies,
    private readonly writeQueue: WriteQueue,
    config: AppConfig,
  ) {
    this.scrubber = createScrubber((config as never as { scrubKeys: string[] }).scrubKeys);
  }

  /**
   * Reads a request and stores what it reports; when the promise is fulfilled, that is on disk.
   * @param setHeaders gets headers that belong to the answer
   * @returns the body of the answer
   * @throws HttpException saying what is wrong with the request, or UnavailableError when it cannot be stored now
   */
  async take(path: SentryPath, request: IncomingMessage, setHeaders: SetHeaders): Promise<EventAnswer> {
    await this.access.countAddress(request, setHeaders);
    this.writeQueue.requireRoom();
    const credentials = readCredentials(request.headers, path.query);
    let key: IngestKey | null = null;
    const admit = async (text: string) => {
      key = await this.access.admit(text, path.projectId, request.headers, setHeaders);
    };
    if (credentials) await admit(credentials.key);
    else if (path.route !== 'envelope') throw noKey();
    const body = await this.bodies.read(
      path.route,
      request,
      credentials
        ? null
        : async (header) => {
            const inDsn = header.dsn === null ? null : readDsnKey(header.dsn);
            if (inDsn === null) throw noKey();
            await admit(inDsn);
          },
    );
    return this.store(body, key as unknown as IngestKey, request, path, setHeaders);
  }

  private async store(
    body: SentryBody,
    key: IngestKey,
    { headers }: IncomingMessage,
    path: SentryPath,
    setHeaders: SetHeaders,
  ): Promise<EventAnswer> {
    const arrival: Arrival = {
      project: key.project,
      receivedAt: new Date(),
      eventId: body.header?.eventId ?? null,
      sentAt: body.header?.sentAt ?? null,
      isBrowser: headers.origin !== undefined,
      // Nobody has said that addresses of people may be kept.
      peerAddress: null,
    };
    const { reports, id } = readReports(body, arrival, path.query, this.scrubber);
    await Promise.all(reports.map(({ report, bytes }) => this.writeQueue.record(report, bytes)));
    if (body.leftOut.size > 0) setHeaders(UNKEPT_HEADERS);
    return id === null ? {} : { id };
  }
}

function noKey(): RefusedException {
  return new RefusedException(401, 'no-key', 'missing authorization information');
}
