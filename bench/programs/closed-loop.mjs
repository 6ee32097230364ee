// Connections that each send the next report when the last one is answered: what the server can take (autocannon).
import autocannon from 'autocannon';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import { serveGenerator } from '../support/generator-program.mjs';
import { makeRequests } from '../support/requests.mjs';
import { summarize } from '../support/statistics.mjs';

const FAR_BEYOND_THE_END_S = 3_600;
const SAMPLE_MS = 50;
const FINGERPRINT = /"fingerprint":"([0-9a-f]{32})"/;
/** A server that is gone must end the run. */
const MOST_ERRORS = 2_000;

serveGenerator(
  async (
    { connections, seconds, amount, timeoutSeconds = 30, keepsFingerprints, ...options },
    begin,
    onStop,
  ) => {
    const nextRequest = makeRequests(options);
    const latencies = [];
    const statuses = {};
    const clients = [];
    const fingerprints = [];
    let asked = 0;
    let finishedAt = 0;
    const startedAt = performance.now();

    // autocannon cuts off what is under way when its time is over: such reports may be stored and nobody would know.
    // Instead each connection ends after the answer to its last request, and everything sent is answered.
    const sendNoMore = () => clients.forEach((client) => (client.responseMax = client.reqsMade));
    const setupClient = (client) => {
      clients.push(client);
      client.getRequestBuffer = () => {
        if (++asked === amount) {
          sendNoMore();
          client.responseMax = client.reqsMade + 1;
        }
        return nextRequest();
      };
    };
    // Called with the body of each answer; a refusal has none.
    const keepFingerprint = (body) => {
      const fingerprint = FINGERPRINT.exec(body)?.[1];
      if (fingerprint) fingerprints.push(fingerprint);
      return true;
    };
    const finished = new Promise((resolve, reject) => {
      const instance = autocannon(
        {
          url: `http://127.0.0.1:${options.port}`,
          method: 'POST',
          connections,
          duration: FAR_BEYOND_THE_END_S,
          timeout: timeoutSeconds,
          sampleInt: SAMPLE_MS,
          bailout: MOST_ERRORS,
          setupClient,
          ...(keepsFingerprints && { verifyBody: keepFingerprint }),
        },
        (error, result) => (error ? reject(error) : resolve(result)),
      );
      instance.on('response', (client, status, bytesRead, latency) => {
        latencies.push(latency);
        statuses[status] = (statuses[status] ?? 0) + 1;
        finishedAt = performance.now();
      });
    });
    begin();
    onStop(sendNoMore);
    if (seconds) setTimeout(sendNoMore, seconds * 1_000);
    await finished;

    const acknowledged = (statuses[200] ?? 0) + (statuses[201] ?? 0);
    return {
      acknowledged,
      unanswered: asked - latencies.length,
      statuses,
      fingerprints,
      perSecond: acknowledged / ((finishedAt - startedAt) / 1_000),
      ...summarize(latencies),
    };
  },
);
