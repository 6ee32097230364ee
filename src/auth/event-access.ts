import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { RefusedException } from '../common/refused-exception';
import { type IngestKey, IngestKeys } from '../projects/ingest-keys';
import { KeyUses } from '../projects/key-uses';
import { RateLimiter } from './rate-limiter';
import { shown } from './shown-origin';

type SetHeaders = (headers: Record<string, string>) => void;

/** What an event has to pass: the limits, and a key of the project in its address. */
@Injectable()
export class EventAccess {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: IngestKeys,
    private readonly uses: KeyUses,
  ) {}

  /**
   * Counts the request before anything in it is looked at.
   * @param setHeaders gets headers that belong to every answer
   * @throws RefusedException 429 over the limit
   */
  async countAddress(request: IncomingMessage, setHeaders: SetHeaders): Promise<void> {
    if (this.limiter.isOff) return;
    const { exceeded, headers } = await this.limiter.count(request);
    setHeaders(headers);
    if (exceeded) throw new RefusedException(429, 'address-limit', exceeded);
  }

  /**
   * Lets in who gave a key, and counts it.
   * @param projectId of the address
   * @throws RefusedException as `find` does; 429 over the limit of the key
   */
  async admit(
    key: string,
    projectId: string,
    headers: IncomingHttpHeaders,
    setHeaders: SetHeaders,
  ): Promise<IngestKey> {
    const found = await this.find(key, projectId, headers);
    const { id, ratePerMinute } = found;
    if (ratePerMinute > 0) {
      const state = await this.limiter.countKey(id, ratePerMinute);
      setHeaders(state.headers);
      if (state.exceeded) {
        const facts = { projectId: found.projectId, detail: `at most ${ratePerMinute} a minute` };
        throw new RefusedException(429, 'key-limit', state.exceeded, facts);
      }
    }
    this.uses.note(id);
    return found;
  }

  /**
   * Finds the key that a client gave. A page may report from any origin, until its project names origins.
   * @param projectId of the address
   * @throws RefusedException 403 for a key that is not in force or of another project, and for a page that may not report
   */
  async find(key: string, projectId: string, headers: IncomingHttpHeaders): Promise<IngestKey> {
    const found = await this.keys.find(key);
    if (found === null) {
      // Who has no key is not told which projects there are.
      const sentence = 'The key is unknown or revoked';
      if (this.knowsProject(projectId)) throw new RefusedException(403, 'unknown-key', sentence);
      throw new RefusedException(403, 'unknown-project', sentence, { detail: `project ${projectId}` });
    }
    if (BigInt(projectId) !== BigInt(found.projectId)) {
      const sentence = `The key is of another project than ${projectId}, which is the one in the address`;
      throw new RefusedException(403, 'other-project', sentence, {
        projectId: found.projectId,
        detail: `the address names the project ${projectId}`,
      });
    }
    requireAllowed(found, originOf(headers));
    return found;
  }

  /** Whether there is such a project, as far as that is known without a look into the database. */
  knowsProject(projectId: string): boolean {
    return this.keys.knowsProject(Number(projectId));
  }
}

function requireAllowed({ origins, project, projectId }: IngestKey, origin: string | null): void {
  if (origin === null || origins.isEmpty || origins.allows(origin)) return;
  const sentence = `The origin ${shown(origin)} is not among the allowed origins of the project ${project}`;
  throw new RefusedException(403, 'origin', sentence, { projectId, detail: shown(origin) });
}

/** Of the page that reports; null for what is no page. */
function originOf({ origin, referer }: IncomingHttpHeaders): string | null {
  if (origin !== undefined) return origin;
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : null;
}
