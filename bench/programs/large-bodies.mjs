// Sends bodies of one kind, so many at once, and waits for all answers before it sends the next ones.
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { serveGenerator } from '../support/generator-program.mjs';
import { isPacked, LARGE_BODIES } from '../support/large-bodies.mjs';
import { INGEST_KEY } from '../support/servers.mjs';
import { summarize } from '../support/statistics.mjs';

const REST_MS = 50;

serveGenerator(async ({ port, envelopesOf, name, run, times, atOnce }, begin) => {
  const nextBody = LARGE_BODIES[name](run);
  const latencies = [];
  const statuses = {};
  let bytes = 0;
  begin();
  for (let i = 0; i < times; i++) {
    const bodies = Array.from({ length: atOnce }, nextBody);
    const answers = await Promise.all(bodies.map((parts) => send(port, envelopesOf, parts, isPacked(name))));
    for (const { status, latency } of answers) {
      latencies.push(latency);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    bytes = lengthOf(bodies[0]);
    await pause(REST_MS);
  }
  const acknowledged = statuses[200] ?? 0;
  return { acknowledged, unanswered: statuses.failed ?? 0, statuses, bytes, ...summarize(latencies) };
});

/** The time is that until the head of the answer, whether all of the body was sent or not. */
function send(port, envelopesOf, parts, isGzip) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const finish = (status) => resolve({ status, latency: performance.now() - startedAt });
    const request = http.request({
      host: '127.0.0.1',
      port,
      path: `/api/${envelopesOf}/envelope/?sentry_key=${INGEST_KEY}`,
      method: 'POST',
      agent: false,
      headers: { 'Content-Length': lengthOf(parts), ...(isGzip && { 'Content-Encoding': 'gzip' }) },
    });
    request.on('response', (response) => {
      finish(response.statusCode);
      response.resume().on('end', () => request.destroy());
    });
    request.on('error', () => finish('failed'));
    for (const part of parts) request.write(part);
    request.end();
  });
}

function lengthOf(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
