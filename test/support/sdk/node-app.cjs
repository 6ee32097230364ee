// A program that reports with @sentry/node as its documents say; `DSN` is all that it needs to know.
const { Buffer } = require('node:buffer');
const Sentry = require('@sentry/node');

Sentry.init({ dsn: process.env.DSN, release: 'shop@1.4.2', environment: 'staging' });

function charge(price) {
  try {
    JSON.parse(price);
  } catch (cause) {
    throw new RangeError('the card was refused', { cause });
  }
}

async function main() {
  Sentry.setTag('region', 'eu');
  Sentry.setUser({ id: 'user-1207', email: 'ada@example.com' });
  Sentry.addBreadcrumb({ category: 'cart', message: 'added a book', level: 'info' });
  try {
    charge('{');
  } catch (error) {
    Sentry.captureException(error);
  }
  Sentry.captureMessage('the disk is nearly full', 'warning');
  Sentry.withScope((scope) => {
    scope.addAttachment({ filename: 'screen.png', data: Buffer.alloc(2 * 1024 * 1024, 7) });
    Sentry.captureException(new TypeError('with an attachment'));
  });
  Sentry.withScope((scope) => {
    scope.setExtra('basket', 'x'.repeat(60_000));
    scope.setExtra('password', 'hunter2');
    Sentry.captureException(new Error('large enough to be packed'));
  });
  Sentry.withScope((scope) => {
    scope.setFingerprint(['checkout', '{{ default }}']);
    Sentry.captureException(new Error('with a fingerprint'));
  });
  if (!(await Sentry.flush(5_000))) throw new Error('Not everything was sent');
  void Promise.reject(new Error('nobody caught this'));
}

void main();
