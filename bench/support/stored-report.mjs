import { createHash } from 'node:crypto';

/** A report as the writer takes it, past HTTP: `fields` over what a middling report of 2 KB holds. */
export function makeStoredReport(key, fields) {
  return {
    fingerprint: createHash('md5').update(key).digest('hex'),
    project: 'shop',
    exceptionType: 'ValueError',
    message: `order ${key} cannot be shipped`,
    traceback: TRACEBACK,
    file: null,
    line: null,
    source: 'server',
    requestUrl: `https://shop.example.com/orders/${key}`,
    requestMethod: 'POST',
    requestHeaders: '{"host":"shop.example.com","accept":"*/*"}',
    userId: 'user-1207',
    extra: '{"release":"2026.11.3"}',
    receivedAt: new Date(),
    details: null,
    ...fields,
  };
}

const TRACEBACK = `Traceback (most recent call last):\n${Array.from(
  { length: 14 },
  (_, i) =>
    `  File "/srv/shop/app/middleware/step_${i}.py", line ${20 + i}, in handle\n    return self.next(request)\n`,
).join('')}ValueError: cannot be shipped`;
