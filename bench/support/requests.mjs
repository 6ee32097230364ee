import { makeEnvelopes } from './envelopes.mjs';
import { makeRawEnvelope, makeRawPost } from './raw-request.mjs';
import { makeReports } from './reports.mjs';

/**
 * Makes the requests of one run of load.
 * @param options.envelopesOf id of the project that envelopes are for, instead of reports
 * @returns a function that gives the next request as bytes
 */
export function makeRequests({ port, kind, bytes, run, envelopesOf, isGzip = false }) {
  if (envelopesOf === undefined) {
    const nextReport = makeReports(kind, bytes, run);
    return () => makeRawPost(port, nextReport());
  }
  const nextEnvelope = makeEnvelopes(kind, bytes, run, isGzip);
  return () => makeRawEnvelope(port, envelopesOf, nextEnvelope(), isGzip);
}
