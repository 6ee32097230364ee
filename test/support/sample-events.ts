import type { Breadcrumb, ExceptionContext, SourceFrame } from '../../src/errors/occurrence-context';
import type { StoredEvent } from './event-occurrences';

const traceback = `Traceback (most recent call last):
  File "/srv/billing/payments/gateway.py", line 31, in charge
    return amount / rate
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/usr/lib/python3.12/site-packages/django/core/handlers/base.py", line 197, in _get_response
    response = wrapped_callback(request, *callback_args, **callback_kwargs)
  File "/srv/billing/orders/views.py", line 88, in post
    receipt = checkout(order)
  File "/srv/billing/payments/checkout.py", line 12, in checkout
    raise PaymentError("could not charge") from error
payments.checkout.PaymentError: could not charge`;

const checkout: SourceFrame = {
  function: 'checkout',
  file: 'payments/checkout.py',
  path: '/srv/billing/payments/checkout.py',
  module: 'payments.checkout',
  line: 12,
  column: null,
  library: false,
  thrown: true,
  before: [
    'def checkout(order):',
    '    """Charges what the order costs, and gives the receipt."""',
    '    try:',
    '        return charge(order.total, rate_of(order.currency))',
    '    except ZeroDivisionError as error:',
  ],
  source: '        raise PaymentError("could not charge") from error',
  after: [
    '',
    '',
    'def refund(order, reason):',
    '    """Gives back what was charged, in full."""',
    '    return gateway.refund(order.charge_id, reason=reason)',
  ],
  variables: {
    order: '<Order 4711>',
    error: "ZeroDivisionError('division by zero')",
    items: [
      { sku: "'A-113'", quantity: '2' },
      { sku: "'B-020'", quantity: '1' },
    ],
  },
};

const post: SourceFrame = {
  function: 'OrderView.post',
  file: 'orders/views.py',
  path: '/srv/billing/orders/views.py',
  module: 'orders.views',
  line: 88,
  column: null,
  library: false,
  thrown: false,
  before: ['        order = Order.objects.get(pk=order_id)', '        order.lock()'],
  source: '        receipt = checkout(order)',
  after: ['        return Response(receipt.as_dict(), status=201)'],
  variables: { order_id: '4711', request: "<WSGIRequest: POST '/v1/orders/4711/pay'>" },
};

const charge: SourceFrame = {
  function: 'charge',
  file: 'payments/gateway.py',
  path: '/srv/billing/payments/gateway.py',
  module: 'payments.gateway',
  line: 31,
  column: null,
  library: false,
  thrown: false,
  before: ['def charge(amount, rate):', '    card = session.card'],
  source: '    return amount / rate',
  after: ['', ''],
  variables: { amount: "Decimal('49.90')", rate: '0', card: { number: '[Filtered]', brand: "'visa'" } },
};

function library(name: string, line: number): SourceFrame {
  return {
    function: name,
    file: 'django/core/handlers/base.py',
    path: '/usr/lib/python3.12/site-packages/django/core/handlers/base.py',
    module: 'django.core.handlers.base',
    line,
    column: null,
    library: true,
    thrown: false,
    before: ['                try:'],
    source: '                    response = wrapped_callback(request, *callback_args, **callback_kwargs)',
    after: ['                except Exception as e:'],
  };
}

/** The one that was caught, and what caused it. */
export const CHAINED: ExceptionContext[] = [
  {
    type: 'PaymentError',
    value: 'could not charge',
    module: 'payments.checkout',
    mechanism: 'django',
    handled: false,
    parent: null,
    frames: [checkout, post, library('_get_response', 197), library('inner', 55)],
  },
  {
    type: 'ZeroDivisionError',
    value: 'division by zero',
    module: null,
    mechanism: 'chained',
    handled: null,
    parent: null,
    frames: [charge],
  },
];

/** So many breadcrumbs up to a time, each half a second after the one before it. */
export function breadcrumbs(count: number, until: number): Breadcrumb[] {
  return Array.from({ length: count }, (_, index): Breadcrumb => {
    const timestamp = new Date(until - 113 - (count - 1 - index) * 487).toISOString();
    const kinds: Omit<Breadcrumb, 'timestamp'>[] = [
      {
        type: 'default',
        category: 'query',
        level: 'info',
        message: `SELECT * FROM orders WHERE id = ${index}`,
      },
      {
        type: 'http',
        category: 'httplib',
        level: 'info',
        message: null,
        data: {
          method: 'GET',
          url: `https://rates.example.com/v2/EUR?attempt=${index}`,
          status_code: 503,
          reason: 'busy',
        },
      },
      {
        type: 'log',
        category: 'payments',
        level: 'warning',
        message: 'rate of EUR is unknown, taking 0',
        data: { currency: 'EUR' },
      },
      {
        type: 'navigation',
        category: 'navigation',
        level: null,
        message: null,
        data: { from: '/cart', to: '/pay' },
      },
    ];
    return { timestamp, ...kinds[(index + count) % kinds.length]! };
  });
}

/** An event as an SDK for Python sends one: an exception with its cause, in a web application. */
export function pythonEvent(number: number, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    report: {
      project: 'billing',
      exception_type: 'PaymentError',
      message: 'could not charge',
      traceback,
      request_method: 'POST',
      request_url: 'https://billing.example.com/v1/orders/4711/pay?confirm=1',
      request_headers: {
        Host: 'billing.example.com',
        'User-Agent': 'shop-ios/8.4.1',
        Authorization: '[Filtered]',
      },
      user_id: `customer-${number}`,
      extra: { transaction: '/v1/orders/{id}/pay', server_name: 'web-3' },
    },
    eventId: String(number).padStart(32, '9b257da858a84e89'),
    environment: 'production',
    release: 'billing@2026.11.3',
    level: 'error',
    platform: 'python',
    handled: false,
    ...changes,
    context: {
      exceptions: CHAINED,
      breadcrumbs: breadcrumbs(57, Date.now()),
      tags: { region: 'eu-central', tenant: 'acme', worker: `web-${number}` },
      user: {
        id: `customer-${number}`,
        email: 'ada@example.com',
        ip_address: '203.0.113.9',
        geo: { city: 'Vienna', country_code: 'AT' },
      },
      contexts: {
        cart: { items: [{ sku: 'A-113', quantity: 2 }], currency: 'EUR' },
        runtime: { name: 'CPython', version: '3.12.4', build: '3.12.4 (main, Jun 8 2026) [GCC 13.2.0]' },
        os: { name: 'Linux', version: '6.8.0-31-generic' },
        trace: {
          trace_id: '680ad6c718254dd487b56d7e1099adfa',
          span_id: '85c74b6af62bae90',
          parent_span_id: null,
          op: 'http.server',
        },
      },
      sdk: { name: 'sentry.python.django', version: '2.68.0' },
      ...changes.context,
    },
  };
}
