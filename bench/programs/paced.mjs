// Requests at fixed times, whether the last ones are answered or not, over kept connections. Latency counts from the
// planned time, so that a stall shows in full. (autocannon sends the requests of a whole second at once.)
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { serveGenerator } from '../support/generator-program.mjs';
import { makeReports } from '../support/reports.mjs';
import { API_KEY } from '../support/servers.mjs';
import { summarize } from '../support/statistics.mjs';

const STEP_MS = 5;
const REPORT_HEADERS = { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' };

serveGenerator(async ({ port, perSecond, path, kind, bytes, run, seconds = Infinity }, begin, onStop) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  const nextReport = kind ? makeReports(kind, bytes, run) : null;
  const latencies = [];
  const statuses = {};
  let sent = 0;
  let failed = 0;
  let isStopped = false;
  onStop(() => (isStopped = true));

  const send = (plannedAt) => {
    sent++;
    const body = nextReport?.();
    const request = http.request({
      host: '127.0.0.1',
      port,
      path,
      agent,
      method: body ? 'POST' : 'GET',
      headers: body ? { ...REPORT_HEADERS, 'Content-Length': body.length } : {},
    });
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        latencies.push(performance.now() - plannedAt);
        statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
      });
    });
    request.on('error', () => failed++);
    request.end(body);
  };

  const startedAt = performance.now();
  const timer = setInterval(() => {
    const elapsed = Math.min(performance.now() - startedAt, seconds * 1_000);
    if (elapsed >= seconds * 1_000) isStopped = true;
    while (!isStopped && sent < (elapsed / 1_000) * perSecond) send(startedAt + (sent / perSecond) * 1_000);
  }, STEP_MS);
  begin();
  await until(() => isStopped && latencies.length + failed === sent);
  clearInterval(timer);
  agent.destroy();
  return {
    acknowledged: (statuses[200] ?? 0) + (statuses[201] ?? 0),
    unanswered: failed,
    statuses,
    ...summarize(latencies),
  };
});

function until(isTrue) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isTrue()) return;
      clearInterval(timer);
      resolve();
    }, STEP_MS);
  });
}
