import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { RefusedException } from '../common/refused-exception';
import { isIngestKey } from '../projects/ingest-key';
import { type IngestKey, IngestKeys } from '../projects/ingest-keys';
import { KeyUses } from '../projects/key-uses';
import { Access } from './access';
import { findGivenKey } from './given-key';
import { RateLimiter } from './rate-limiter';
import { shown } from './shown-origin';

type SetHeaders = (headers: Record<string, string>) => void;

/** Who may report beside whoever has the API key. */
export interface Reporter {
  key: IngestKey;
  /** whether a page in a browser reports */
  isBrowser: boolean;
  /** whether the key came in the address, as from `navigator.sendBeacon`, which can set no header */
  isInAddress: boolean;
}

/** A page that may report may read these of the answer. */
const EXPOSED = 'Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';

const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'Content-Type, Content-Encoding, X-Ingest-Key',
  'Access-Control-Max-Age': '3600',
};

/** What a report has to pass: as every request with the API key, or else with an ingest key and from an allowed origin. */
@Injectable()
export class ReportAccess {
  constructor(
    private readonly access: Access,
    private readonly limiter: RateLimiter,
    private readonly keys: IngestKeys,
    private readonly uses: KeyUses,
  ) {}

  /**
   * Counts the request before it looks at any key, as for every other route.
   * @param setHeaders gets headers that belong to every answer
   * @returns who reports with an ingest key; null for whoever has the API key
   * @throws HttpException 429 over a limit, 401 without the right key, 403 for a page that may not report; with an
   *   ingest key that is a RefusedException
   */
  async admit(request: IncomingMessage, setHeaders: SetHeaders): Promise<Reporter | null> {
    const given = request.headers['x-api-key'] === undefined ? findGivenKey(request) : null;
    if (given === null) {
      await this.admitApiKey(request, setHeaders);
      return null;
    }
    const { origin } = request.headers;
    setHeaders({ Vary: 'Origin' });
    const address = this.limiter.isOff ? null : await this.limiter.count(request);
    if (address?.exceeded) {
      setHeaders(address.headers);
      // The key is not looked up for the answer; yet a page is to learn how long it has to wait.
      const known = origin === undefined ? null : this.keys.knownOriginHeader(origin);
      if (known !== null) setHeaders(corsHeaders(known));
      const projectId = this.keys.known(given.key)?.projectId;
      throw new RefusedException(429, 'address-limit', address.exceeded, { projectId });
    }
    const key = await this.keys.find(given.key);
    if (key === null) {
      if (address) setHeaders(address.headers);
      throw new RefusedException(401, 'unknown-key', 'The ingest key is unknown or revoked');
    }
    if (origin !== undefined) setHeaders(corsHeaders(requireAllowed(key, origin)));
    const ofKey = key.ratePerMinute === 0 ? null : await this.limiter.countKey(key.id, key.ratePerMinute);
    const tighter = ofKey && (!address || ofKey.remaining <= address.remaining) ? ofKey : address;
    if (tighter) setHeaders(tighter.headers);
    if (ofKey?.exceeded) {
      const facts = { projectId: key.projectId, detail: `at most ${key.ratePerMinute} a minute` };
      throw new RefusedException(429, 'key-limit', ofKey.exceeded, facts);
    }
    this.uses.note(key.id);
    return { key, isBrowser: origin !== undefined, isInAddress: given.isInAddress };
  }

  /**
   * Who has put an ingest key into the wrong header is told so. That tells no more than the right header would, where
   * the same look-up decides, and is counted before it in the same way.
   */
  private async admitApiKey(request: IncomingMessage, setHeaders: SetHeaders): Promise<void> {
    try {
      await this.access.admit(request, setHeaders);
    } catch (error) {
      const isWrong = error instanceof RefusedException && error.reason === 'wrong-api-key';
      const given = String(request.headers['x-api-key']);
      if (!isWrong || !isIngestKey(given)) throw error;
      // The key is wrong whether or not the ingest keys can be read.
      const key = await this.keys.find(given).catch(() => null);
      if (key === null) throw error;
      const sentence = 'The X-API-Key header has an ingest key: send that in the X-Ingest-Key header';
      throw new RefusedException(401, 'misplaced-key', sentence, { projectId: key.projectId });
    }
  }

  /**
   * Answers a browser that asks whether a page may send a report with a header. It does not say with which key, so what
   * any project allows is allowed here; the report itself is looked at again. It is not counted: each report would be
   * counted twice.
   * @returns headers of the answer
   * @throws RefusedException 403 when no project allows the page
   */
  async admitPreflight({ headers: { origin = '' } }: IncomingMessage): Promise<Record<string, string>> {
    const allowed = await this.keys.findOriginHeader(origin);
    if (allowed === null) {
      const sentence = `No project with an ingest key allows reports from the origin ${shown(origin)}`;
      throw new RefusedException(403, 'origin', sentence, { detail: origin });
    }
    return { Vary: 'Origin', 'Access-Control-Allow-Origin': allowed, ...PREFLIGHT_HEADERS };
  }
}

/** @returns value of `Access-Control-Allow-Origin` */
function requireAllowed({ project, projectId, origins }: IngestKey, origin: string): string {
  const allowed = origins.headerFor(origin);
  if (allowed !== null) return allowed;
  const sentence = `The origin ${shown(origin)} is not among the allowed origins of the project ${project}`;
  throw new RefusedException(403, 'origin', sentence, { projectId, detail: origin });
}

function corsHeaders(allowed: string): Record<string, string> {
  return { 'Access-Control-Allow-Origin': allowed, 'Access-Control-Expose-Headers': EXPOSED };
}
