// Opens many connections inside a second, each with one report, and keeps all of them open until every one is answered.
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { serveGenerator } from '../support/generator-program.mjs';
import { makeRawPost } from '../support/raw-request.mjs';
import { makeReports } from '../support/reports.mjs';
import { summarize } from '../support/statistics.mjs';

const STEPS = 40;
const SPREAD_MS = 800;
const DEADLINE_MS = 60_000;

serveGenerator(async ({ port, kind, bytes, run, connections }, begin) => {
  const nextReport = makeReports(kind, bytes, run);
  const requests = Array.from({ length: connections }, () => makeRawPost(port, nextReport()));
  begin();
  const startedAt = performance.now();
  const pending = [];
  for (let step = 0; step < STEPS; step++) {
    const until = Math.round(((step + 1) * connections) / STEPS);
    while (pending.length < until) pending.push(send(port, requests[pending.length]));
    const wait = ((step + 1) * SPREAD_MS) / STEPS - (performance.now() - startedAt);
    if (wait > 0 && step < STEPS - 1) await pause(wait);
  }
  const openedMs = performance.now() - startedAt;
  const results = await Promise.all(pending);
  const answeredMs = performance.now() - startedAt;
  for (const { socket } of results) socket.destroy();

  const statuses = {};
  for (const { status } of results) if (status) statuses[status] = (statuses[status] ?? 0) + 1;
  const failures = {};
  for (const { failure } of results) if (failure) failures[failure] = (failures[failure] ?? 0) + 1;
  const latencies = results.filter(({ status }) => status).map(({ latency }) => latency);
  return {
    acknowledged: (statuses[200] ?? 0) + (statuses[201] ?? 0),
    unanswered: connections - latencies.length,
    statuses,
    failures,
    openedMs,
    answeredMs,
    ...summarize(latencies),
  };
});

/** Resolves to the status, or to what went wrong instead. */
function send(port, request) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    const finish = (outcome) => resolve({ socket, latency: performance.now() - startedAt, ...outcome });
    setTimeout(finish, DEADLINE_MS, { failure: 'no answer' }).unref();
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const status = /^HTTP\/1\.1 (\d+)[^]*\r\n\r\n./.exec(answer)?.[1];
      if (status) finish({ status });
    });
    socket.on('error', (error) => finish({ failure: error.code }));
    socket.on('close', () => finish({ failure: 'closed' }));
  });
}
