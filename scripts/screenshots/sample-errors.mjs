// The errors of two imaginary shops, for pictures of the dashboard.
import Database from 'better-sqlite3';
import { makeSampleEvent } from './sample-event.mjs';

const HOUR_MS = 3_600_000;
const SHOWN_HOURS = 15 * 24;

/**
 * @typedef {object} Sample
 * @property {string} project
 * @property {string} exception_type
 * @property {string} message
 * @property {string} [traceback]
 * @property {object} [request] fields of the occurrence
 * @property {boolean} [isEvent] it comes from a Sentry SDK: `makeSampleEvent`
 * @property {number} ageHours when it was first seen
 * @property {number} idleHours when it was last seen
 * @property {(hoursAgo: number) => number} rate reports in an hour
 * @property {boolean} [resolved]
 */

const steady = (perHour) => (hoursAgo) => Math.round(perHour * (0.6 + 0.8 * noise(hoursAgo)));
const spike = (at, height) => (hoursAgo) => Math.round(height * Math.exp(-(((hoursAgo - at) / 2.5) ** 2)));
const daily = (perHour) => (hoursAgo) =>
  Math.round(
    perHour * Math.max(0, Math.sin(((hoursAgo + 6) / 24) * 2 * Math.PI)) * (0.7 + 0.6 * noise(hoursAgo)),
  );
const now = (height) => (hoursAgo) => (hoursAgo < 3 ? Math.round(height / (hoursAgo + 1)) : 0);

const server = {
  request_url: 'https://api.example.com/v1/orders/4711/items',
  request_method: 'POST',
  request_headers: {
    host: 'api.example.com',
    'user-agent': 'shop-ios/8.4.1 (iPhone; iOS 20.1)',
    'content-type': 'application/json',
    'x-request-id': '7f2c1c9e-0d7b-4b51-9b1e-2f3d1d3c8f42',
  },
  user_id: 'customer-88213',
  extra: {
    release: '2026.11.3',
    environment: 'production',
    order: {
      id: 4711,
      currency: 'EUR',
      items: [
        { sku: 'A-113', quantity: 2 },
        { sku: 'B-020', quantity: '12a' },
      ],
    },
    retries: 2,
    feature_flags: ['fast-checkout', 'new-tax-rules'],
  },
};
const browser = {
  request_url: 'https://shop.example.com/checkout?step=payment',
  request_method: 'BROWSER',
  request_headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0' },
  user_id: 'visitor-19',
  extra: { release: '2026.11.3', viewport: '1280×720', locale: 'de-DE' },
};

/** @type {Sample[]} */
const SAMPLES = [
  {
    project: 'checkout-web',
    exception_type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'price')",
    traceback: `TypeError: Cannot read properties of undefined (reading 'price')
    at total (https://shop.example.com/assets/checkout.js:310:17)
    at Array.reduce (<anonymous>)
    at CartSummary (https://shop.example.com/assets/checkout.js:288:31)
    at renderWithHooks (https://shop.example.com/node_modules/react-dom/cjs/react-dom.production.js:4012:18)
    at updateFunctionComponent (https://shop.example.com/node_modules/react-dom/cjs/react-dom.production.js:6204:20)
    at beginWork (https://shop.example.com/node_modules/react-dom/cjs/react-dom.production.js:7311:16)
    at performUnitOfWork (https://shop.example.com/node_modules/react-dom/cjs/react-dom.production.js:11204:12)`,
    request: browser,
    ageHours: 200,
    idleHours: 0,
    rate: daily(60),
  },
  {
    project: 'shop',
    exception_type: 'ValueError',
    message: `invalid literal for int() with base 10: '12a'`,
    isEvent: true,
    ageHours: 31,
    idleHours: 0,
    rate: (hoursAgo) => (hoursAgo < 31 ? steady(9)(hoursAgo) : 0),
  },
  {
    project: 'billing',
    exception_type: 'java.net.SocketTimeoutException',
    message: 'Read timed out',
    traceback: `com.example.billing.PaymentFailed: Payment 88213 was not confirmed
	at com.example.billing.PaymentService.charge(PaymentService.java:118)
	at com.example.billing.InvoiceJob.run(InvoiceJob.java:64)
	at org.springframework.scheduling.support.DelegatingErrorHandlingRunnable.run(DelegatingErrorHandlingRunnable.java:54)
	at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)
	at java.base/java.lang.Thread.run(Thread.java:1583)
Caused by: java.net.SocketTimeoutException: Read timed out
	at java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)
	at com.example.billing.PaymentClient.confirm(PaymentClient.java:203)
	... 5 more`,
    request: server,
    ageHours: 330,
    idleHours: 1,
    rate: spike(6, 90),
  },
  {
    project: 'shop',
    exception_type: 'KeyError',
    message: `'shipping_address'`,
    traceback: `Traceback (most recent call last):
  File "/srv/shop/app/wsgi.py", line 19, in handle
    return view(request)
  File "/srv/shop/orders/shipping.py", line 57, in quote
    address = customer["shipping_address"]
KeyError: 'shipping_address'`,
    request: server,
    ageHours: 2,
    idleHours: 0,
    rate: now(14),
  },
  {
    project: 'mailer',
    exception_type: '*net.OpError',
    message: 'dial tcp 10.0.4.7:587: connect: connection refused',
    traceback: `goroutine 34 [running]:
main.deliver(0xc0000a4000)
	/src/mailer/send.go:61 +0x1d
main.worker(0xc000098000)
	/src/mailer/worker.go:28 +0x85
created by main.main in goroutine 1
	/src/mailer/main.go:20 +0x9c`,
    request: { extra: { queue: 'transactional', attempt: 7 } },
    ageHours: 90,
    idleHours: 4,
    rate: spike(60, 40),
  },
  {
    project: 'checkout-web',
    exception_type: 'ChunkLoadError',
    message: 'Loading chunk 7 failed. (timeout: https://shop.example.com/assets/7.3f2a.js)',
    traceback: `ChunkLoadError: Loading chunk 7 failed.
    at i.f.j (https://shop.example.com/assets/runtime.js:12:29184)
    at Promise.all (<anonymous>)
    at loadCheckout (https://shop.example.com/assets/app.js:44:9)`,
    request: browser,
    ageHours: 300,
    idleHours: 9,
    rate: steady(2),
  },
  {
    project: 'shop',
    exception_type: 'ActiveRecord::Deadlocked',
    message:
      'PG::TRDeadlockDetected: ERROR: deadlock detected DETAIL: Process 8841 waits for ShareLock on transaction 99871',
    traceback: `/srv/shop/app/models/cart.rb:57:in 'Cart#checkout'
	from /srv/shop/app/controllers/cart_controller.rb:12:in 'CartController#create'
	from /usr/local/bundle/gems/actionpack-8.1.1/lib/action_controller/metal/basic_implicit_render.rb:8:in 'send_action'`,
    request: server,
    ageHours: 170,
    idleHours: 26,
    rate: spike(100, 9),
  },
  {
    project: 'billing',
    exception_type: 'System.InvalidOperationException',
    message: 'Sequence contains no matching element',
    traceback: `System.InvalidOperationException: Sequence contains no matching element
   at System.Linq.ThrowHelper.ThrowNoMatchException()
   at Billing.Invoices.TaxTable.RateFor(Country country) in /src/Billing/Invoices/TaxTable.cs:line 74
   at Billing.Invoices.InvoiceBuilder.Build(Order order) in /src/Billing/Invoices/InvoiceBuilder.cs:line 131`,
    request: server,
    ageHours: 52,
    idleHours: 30,
    rate: spike(40, 4),
  },
  {
    project: 'search',
    exception_type: 'panic',
    message: 'called `Option::unwrap()` on a `None` value',
    traceback: `thread 'worker-3' panicked at src/index/merge.rs:219:44:
called \`Option::unwrap()\` on a \`None\` value
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
   1: search::index::merge::Merger::next
             at ./src/index/merge.rs:219:44
   2: search::worker::run
             at ./src/worker.rs:88:17`,
    request: { extra: { shard: 3, documents: 1_204_331 } },
    ageHours: 20,
    idleHours: 15,
    rate: spike(17, 3),
  },
  {
    project: 'shop',
    exception_type: 'IntegrityError',
    message: 'duplicate key value violates unique constraint "orders_number_key"',
    traceback: `Traceback (most recent call last):
  File "/srv/shop/orders/numbers.py", line 24, in reserve
    cursor.execute(SQL, [number])
psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "orders_number_key"`,
    request: server,
    ageHours: 320,
    idleHours: 130,
    rate: spike(150, 12),
    resolved: true,
  },
];

/**
 * Reports the samples to a running server and moves them into the past in its file, as if they had come over two weeks.
 * @param {(path: string, json?: object) => Promise<{id: number}>} send posts to the API
 * @param {string} storePath where an event goes
 * @param {string} databasePath
 * @returns {Promise<number[]>} ids, in the order of the list
 */
export async function addSampleErrors(send, storePath, databasePath) {
  const ids = [];
  for (const { project, exception_type, message, traceback, request, isEvent } of SAMPLES) {
    if (isEvent) {
      ids.push(await addEvents(send, storePath, databasePath));
      continue;
    }
    const report = { project, exception_type, message, traceback };
    const { id } = await send('/api/errors', { ...report, ...request });
    ids.push(id);
    for (let i = 1; i < 5; i++) {
      const user_id = request.user_id && request.user_id.replace(/\d+$/, (n) => String(Number(n) + 97 * i));
      await send('/api/errors', { ...report, ...request, user_id });
    }
  }
  age(databasePath, ids);
  for (const [index, { resolved }] of SAMPLES.entries()) {
    if (resolved) await send(`/api/errors/${ids[index]}/resolve`);
  }
  return ids;
}

/** @returns id of their error */
async function addEvents(send, storePath, databasePath) {
  for (let i = 0; i < 5; i++) await send(storePath, makeSampleEvent(88_213 + 97 * i));
  const file = new Database(databasePath, { readonly: true });
  const { id } = file.prepare('SELECT max(id) AS id FROM errors').get();
  file.close();
  return id;
}

function age(databasePath, ids) {
  const file = new Database(databasePath);
  const hourNow = Math.floor(Date.now() / HOUR_MS);
  const putHour = file.prepare(
    'INSERT INTO error_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = excluded.n',
  );
  const addToProject = file.prepare(
    'INSERT INTO project_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
  );
  const setTimes = file.prepare('UPDATE errors SET first_seen = ?, last_seen = ?, count = ? WHERE id = ?');
  const setOccurrence = file.prepare(
    `UPDATE error_occurrences SET timestamp = ? WHERE error_id = ? AND slot =
       (SELECT slot FROM error_occurrences WHERE error_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  );
  file.transaction(() => {
    file.exec('DELETE FROM error_hours; DELETE FROM project_hours');
    for (const [index, { project, ageHours, idleHours, rate }] of SAMPLES.entries()) {
      const id = ids[index];
      let count = 0;
      for (let hoursAgo = idleHours; hoursAgo < Math.min(ageHours, SHOWN_HOURS); hoursAgo++) {
        const n = Math.max(rate(hoursAgo), hoursAgo === idleHours ? 1 : 0);
        if (n === 0) continue;
        count += n;
        putHour.run(id, hourNow - hoursAgo, n);
        addToProject.run(project, hourNow - hoursAgo, n);
      }
      const lastSeenMs = Date.now() - idleHours * HOUR_MS - (index * 7 + 1) * 61_000;
      setTimes.run(sqlTime(Date.now() - ageHours * HOUR_MS), sqlTime(lastSeenMs), count, id);
      for (let i = 0; i < 5; i++) setOccurrence.run(sqlTime(lastSeenMs - i * i * 700_000), id, id, i);
    }
  })();
  file.close();
}

function sqlTime(ms) {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** The same for the same hour, so that two pictures look alike. */
function noise(hoursAgo) {
  const x = Math.sin(hoursAgo * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}
