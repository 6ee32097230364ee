import { quoted } from './quoting.js';

/** Reports what goes wrong in a page to the relay of its own server. */
export function writePageScript(): string {
  return `<script>
  (() => {
    let left = 10; // a page that fails all the time reports that only so often
    const report = (thrown) => {
      if (left-- <= 0) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      fetch('/report-error', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          exception_type: error.name,
          message: error.message.slice(0, 2000),
          traceback: (error.stack || '').slice(0, 20000),
          request_url: location.href,
        }),
        keepalive: true,
      }).catch(() => {});
    };
    addEventListener('error', (event) => report(event.error || event.message));
    addEventListener('unhandledrejection', (event) => report(event.reason));
  })();
</script>
`;
}

/** Takes reports of pages and passes them on with the key, which no page gets to see. */
export function writeRelay(address: string, key: string): string {
  return `// Node 18 or newer, nothing to install. Let your web server pass /report-error on to it.
import { createServer } from 'node:http';

const errorTracker = ${quoted(address)};
const apiKey = ${quoted(key)};
const project = 'my-web-app';
const maxBodyBytes = 64 * 1024;

createServer(async (request, response) => {
  try {
    if (request.method !== 'POST' || request.url !== '/report-error') return response.writeHead(404).end();
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk;
      if (body.length > maxBodyBytes) return response.writeHead(413, { Connection: 'close' }).end();
    }
    // Only what a page may say about itself is passed on.
    const { exception_type, message, traceback, request_url } = JSON.parse(body);
    const answer = await fetch(errorTracker + '/api/errors', {
      method: 'POST',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        project, exception_type, message, traceback, request_url,
        request_method: 'BROWSER',
        request_headers: { 'user-agent': request.headers['user-agent'] },
      }),
      signal: AbortSignal.timeout(5000),
    });
    response.writeHead(answer.ok ? 204 : 502).end();
  } catch (problem) {
    console.error('A report was not passed on:', problem.message);
    response.writeHead(400).end();
  }
}).listen(process.env.PORT || 3001, '127.0.0.1');
`;
}
