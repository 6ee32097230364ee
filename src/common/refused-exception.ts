import { HttpException } from '@nestjs/common';

/** Why a report is not taken. The ledger says of each what it means and what helps. */
export type RefusalReason =
  | 'no-key'
  /** unknown or revoked */
  | 'unknown-key'
  | 'wrong-api-key'
  /** an ingest key in force where the API key belongs */
  | 'misplaced-key'
  /** the key is of another project than the one in the address or in the report */
  | 'other-project'
  | 'unknown-project'
  | 'origin'
  | 'address-limit'
  | 'key-limit'
  | 'too-large'
  | 'malformed'
  /** it is not compressed as it says */
  | 'compression'
  /** it is compressed in a way that is not known here */
  | 'encoding'
  /** the database or what leads to it could not take it */
  | 'unavailable';

/** What is known about a refusal beside its reason. */
interface RefusalFacts {
  /** whose key was given */
  projectId?: number | undefined;
  /** what exactly: a part, an origin; never a body or a key */
  detail?: string;
}

/** A refusal that carries its reason: whoever keeps account of refusals goes by that, and not by the sentence. */
export class RefusedException extends HttpException {
  readonly projectId: number | null;
  readonly detail: string | undefined;

  /** @param sentence for the client */
  constructor(
    status: number,
    readonly reason: RefusalReason,
    sentence: string,
    { projectId, detail }: RefusalFacts = {},
  ) {
    super(sentence, status);
    this.projectId = projectId ?? null;
    this.detail = detail;
  }
}
