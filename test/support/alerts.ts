import type { AlertedError, ErrorAlert, SummarizedProject, SummaryAlert } from '../../src/alerts/alert';

export const BASE_URL = 'https://errors.example.com';

export const mailContext = {
  deliveryId: 42,
  createdAt: new Date('2026-11-23T08:05:10.000Z'),
  recipient: 'dev@example.com',
  baseUrl: BASE_URL,
};

const traceback = [
  'Traceback (most recent call last):',
  '  File "/srv/app/wsgi.py", line 19, in handle',
  '    return view(request)',
  '  File "/srv/app/shop/orders.py", line 142, in submit',
  "    address = order['shipping_address']",
  '              ~~~~~^^^^^^^^^^^^^^^^^^^^',
  "KeyError: 'shipping_address'",
].join('\n');

export function errorAlert(
  error: Partial<AlertedError> = {},
  kind: ErrorAlert['kind'] = 'created',
): ErrorAlert {
  return {
    kind,
    error: {
      id: 17,
      project: 'shop',
      exceptionType: 'KeyError',
      message: "'shipping_address'",
      traceback,
      count: 1,
      firstSeen: new Date('2026-11-23T08:05:09.123Z'),
      lastSeen: new Date('2026-11-23T08:05:09.123Z'),
      source: 'server',
      requestMethod: 'POST',
      requestUrl: 'https://shop.example.com/orders?step=2',
      level: 'error',
      environment: null,
      release: null,
      ...error,
    },
  };
}

export function summaryAlert(projects: SummarizedProject[], hourlyCap = 20): SummaryAlert {
  return { kind: 'summary', hourlyCap, since: new Date('2026-11-23T08:05:09.123Z'), projects };
}

export function summarizedProject(project: string, created: number, reopened = 0): SummarizedProject {
  return {
    project,
    created,
    reopened,
    newest: Array.from({ length: Math.min(5, created + reopened) }, (_, index) => ({
      id: 100 + index,
      exceptionType: 'KeyError',
      message: `'field_${index}'`,
    })),
  };
}
