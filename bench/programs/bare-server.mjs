// The least that could answer a report: no checks, no storage. What it reaches is what HTTP and JSON cost by themselves.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { Buffer } from 'node:buffer';

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
      const report = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const key = `${report.project}:${report.exception_type}:${report.traceback.slice(-100)}`;
      const fingerprint = createHash('md5').update(key).digest('hex');
      answer(response, JSON.stringify({ status: 'existing', fingerprint, count: ++count }));
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1', 4_096);

function answer(response, body) {
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

process.on('SIGTERM', () => process.exit(0));
