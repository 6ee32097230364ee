// An event as the Python SDK of Sentry sends it, for the picture of an error.

/** When it happened, before it is reported: as long ago as the list says. */
const AGO_S = 488;

const library = (filename, fn, lineno, context_line) => ({
  filename,
  abs_path: `/usr/lib/python3.13/site-packages/${filename}`,
  function: fn,
  lineno,
  context_line,
  in_app: false,
});

const own = (filename, fn, lineno, [before, line, after], vars) => ({
  filename,
  abs_path: `/srv/shop/${filename}`,
  function: fn,
  lineno,
  pre_context: before,
  context_line: line,
  post_context: after,
  vars,
  in_app: true,
});

const frames = [
  library('django/core/handlers/exception.py', 'inner', 42, '            response = get_response(request)'),
  library(
    'django/core/handlers/base.py',
    '_get_response',
    197,
    '                response = wrapped_callback(request)',
  ),
  library(
    'rest_framework/views.py',
    'dispatch',
    512,
    '            response = handler(request, *args, **kwargs)',
  ),
  own('orders/views.py', 'post', 88, [
    [
      '    def post(self, request, number):',
      '        order = self.find(number)',
      '        payload = request.data',
    ],
    '        order.add_items(payload["items"])',
    ['        order.save()', '        return Response(order.summary())'],
  ]),
  own('orders/models.py', 'add_items', 142, [
    ['    def add_items(self, items):', '        for item in items:'],
    '            self.items.append(Item.parse(item))',
    ['        self.total = sum(item.price for item in self.items)'],
  ]),
  own(
    'orders/items.py',
    'parse',
    31,
    [
      ['    @classmethod', '    def parse(cls, data):', '        sku = data["sku"].strip().upper()'],
      '        quantity = int(data["quantity"])',
      [
        '        if quantity < 1:',
        '            raise ValueError("quantity must be positive")',
        '        return cls(sku, quantity)',
      ],
    ],
    { data: { sku: "'B-020'", quantity: "'12a'" }, sku: "'B-020'" },
  ),
];

/**
 * @param {number} customer
 * @returns the JSON of an event
 */
export function makeSampleEvent(customer) {
  const happened = Date.now() / 1_000 - AGO_S;
  const breadcrumb = (secondsBefore, category, message, data) => ({
    timestamp: happened - secondsBefore,
    category,
    message,
    level: 'info',
    data,
  });
  return {
    timestamp: happened,
    platform: 'python',
    level: 'error',
    environment: 'production',
    release: 'shop@2026.11.3',
    server_name: 'web-3',
    transaction: '/v1/orders/{number}/items',
    exception: {
      values: [
        {
          type: 'ValueError',
          value: "invalid literal for int() with base 10: '12a'",
          mechanism: { type: 'django', handled: false },
          stacktrace: { frames },
        },
      ],
    },
    breadcrumbs: {
      values: [
        breadcrumb(0.214, 'query', 'SELECT … FROM orders WHERE number = %s'),
        breadcrumb(0.139, 'httplib', 'GET https://prices.example.com/v2/B-020', { status_code: 200 }),
        breadcrumb(0.021, 'cart', 'two items to add'),
      ],
    },
    tags: { region: 'eu-west', checkout: 'v2' },
    user: { id: `customer-${customer}`, email: `customer-${customer}@example.com` },
    contexts: { runtime: { name: 'CPython', version: '3.13.1' } },
    request: {
      url: 'https://api.example.com/v1/orders/4711/items',
      method: 'POST',
      headers: {
        Host: 'api.example.com',
        'User-Agent': 'shop-ios/8.4.1 (iPhone; iOS 20.1)',
        Authorization: 'Bearer',
      },
      data: {
        items: [
          { sku: 'A-113', quantity: 2 },
          { sku: 'b-020', quantity: '12a' },
        ],
      },
    },
    sdk: { name: 'sentry.python.django', version: '2.68.0' },
  };
}
