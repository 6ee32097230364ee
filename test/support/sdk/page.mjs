/* What a shop's page does with @sentry/browser; the test bundles it. The page says where to report in `dsn`. */
import * as Sentry from '@sentry/browser';

const { window, document } = globalThis;

window.Sentry = Sentry;
Sentry.init({ dsn: window.dsn, release: 'web@3.2.1', environment: 'production', ...window.options });

document.querySelector('#crash')?.addEventListener('click', function crash() {
  Sentry.addBreadcrumb({ category: 'cart', message: 'about to crash' });
  throw new RangeError('the click went wrong');
});
document.querySelector('#message')?.addEventListener('click', () => {
  Sentry.captureMessage('hello from the page');
});
