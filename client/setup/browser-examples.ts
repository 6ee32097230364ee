import type { ExampleValues } from './example.js';
import { quotedInPage } from './quoting.js';

/** Reports what goes wrong in a page, with a key that may do nothing else. */
export function writePageScript({ address, key, project }: ExampleValues): string {
  return `<script>
  (() => {
    const errorTracker = ${quotedInPage(address)};
    const ingestKey = ${quotedInPage(key)};
    const project = ${quotedInPage(project)};
    let left = 10; // a page that fails all the time reports that only so often
    const report = (thrown) => {
      if (left-- <= 0) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      fetch(errorTracker + '/api/errors', {
        method: 'POST',
        headers: { 'X-Ingest-Key': ingestKey, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          project,
          exception_type: (error.name || 'Error').slice(0, 200),
          message: error.message.slice(0, 2000),
          traceback: (error.stack || '').slice(0, 20000),
          request_url: location.href,
          request_headers: { 'user-agent': navigator.userAgent },
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
