// The least that could answer a report or an envelope: no checks, no storage. What it reaches is what HTTP and JSON cost
// by themselves.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

let count = 0;

http
  .createServer((request, response) => {
    if (request.method !== 'POST') {
      answer(response, '{"status":"ok"}');
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      answer(
        response,
        request.url === '/api/errors' ? takeReport(body) : takeEnvelope(body, request.headers),
      );
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1', 4_096);

function takeReport(body) {
  const report = JSON.parse(body.toString('utf8'));
  const key = `${report.project}:${report.exception_type}:${report.traceback.slice(-100)}`;
  return JSON.stringify({ status: 'existing', fingerprint: hash(key), count: ++count });
}

/** The event of an envelope is its third line. */
function takeEnvelope(body, headers) {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  const event = JSON.parse(text.split('\n', 3)[2]);
  const [{ type, stacktrace }] = event.exception.values;
  const { filename, lineno } = stacktrace.frames.at(-1);
  hash(`${type}:${filename}:${lineno}`);
  return JSON.stringify({ id: event.event_id });
}

function hash(key) {
  return createHash('md5').update(key).digest('hex');
}

function answer(response, body) {
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

process.on('SIGTERM', () => process.exit(0));
