import { hash } from 'node:crypto';
import type { OccurrenceContext } from '../../src/errors/occurrence-context';
import type { Arrival } from '../../src/ingest/sentry/event/arrival';
import { parseEventId } from '../../src/ingest/sentry/parse-event-id';
import { readCspReport } from '../../src/ingest/sentry/event/read-csp-report';
import { readEvent } from '../../src/ingest/sentry/event/read-event';
import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';
import { parseStackTrace } from '../../src/stack-traces/parse-stack-trace';
import { listExpectedEvents, readRecordedEvent, readRecording } from '../support/wire-fixtures';

const scrubber = createScrubber();
const md5 = (text: string) => hash('md5', text, 'hex');

function arrivalOf(file: string, header: Record<string, unknown> = {}): Arrival {
  return {
    project: 'shop',
    receivedAt: new Date('2026-11-23T01:00:00Z'),
    eventId: parseEventId(header.event_id),
    sentAt: typeof header.sent_at === 'string' ? new Date(header.sent_at) : null,
    isBrowser: file.startsWith('sentry-browser'),
    peerAddress: '192.0.2.7',
  };
}

function readRecorded(file: string) {
  const { header, event } = readRecordedEvent(file);
  const { report, cut } = readEvent(event, arrivalOf(file, header), scrubber);
  const details = report.details!;
  return { report, details, cut, context: JSON.parse(details.context) as OccurrenceContext };
}

describe('a recorded event', () => {
  test.each(listExpectedEvents())('of %s is read as expected', (file, expected) => {
    const { report, details, context, cut } = readRecorded(file);
    const thrown = context.exceptions?.[0]?.frames.find((frame) => frame.thrown);
    const isGroupedByFrame = expected.groupBy === 'frame';

    expect({
      eventId: details.eventId,
      platform: details.platform,
      level: details.level,
      exceptionType: report.exceptionType,
      message: report.message,
      environment: details.environment,
      release: details.release,
      userId: report.userId,
      place: [report.file, report.line],
      thrownLine: thrown?.line ?? null,
      source: report.source,
      cut,
    }).toEqual({
      eventId: expected.eventId,
      platform: expected.platform,
      level: expected.level,
      exceptionType: expected.exceptionType,
      message: expected.message,
      environment: expected.environment,
      release: expected.release,
      userId: expected.userId,
      place: isGroupedByFrame ? [expected.crashFile, expected.crashLine] : [null, null],
      thrownLine: expected.crashLine,
      source: file.startsWith('sentry-browser') ? 'browser' : 'server',
      cut: expected.cut ?? [],
    });
    if (expected.exceptionType !== 'Message') expect(context.exceptions).toHaveLength(expected.exceptions);
  });

  test.each(listExpectedEvents().filter(([, { groupBy }]) => groupBy === 'frame'))(
    'of %s has a traceback that the parser of texts reads back',
    (file, { crashFile, crashLine }) => {
      const { report } = readRecorded(file);
      const thrownAt = parseStackTrace(report.traceback)?.thrownAt;

      expect(thrownAt?.line).toBe(crashLine);
      expect(thrownAt?.file.endsWith(crashFile!)).toBe(true);
    },
  );

  const custom = (byDefault: string) => `shop:custom:${md5(byDefault)}\x1fpayments`;

  test.each([
    ['sentry-node-11/exception-chained.json', 'shop:Error:/app/node-capture.cjs:7'],
    ['sentry-go-0.11/store-panic.json', 'shop:runtime.plainError:/app/goapp/main.go:32'],
    ['sentry-raven-3.1/store-base64-zlib.json', 'shop:ZeroDivisionError:raven_capture.rb:3'],
    // A bundle of one line groups by the column, too.
    ['sentry-browser-11/onerror-debugid.json', 'shop:RangeError:/assets/app.min.js:3:275'],
    ['sentry-node-11/exception-attachment.json', custom('shop:RangeError:/app/node-capture.cjs:10')],
    ['sentry-python-1.9/store-exception-chained.json', custom('shop:PaymentError:py_capture.py:11')],
    ['sentry-node-11/message.json', 'shop:Message:message::disk almost full'],
    ['sentry-ruby-5.3/message-threads.json', 'shop:Message:message::hello from ruby'],
    ['sentry-python-1.9/store-logentry.json', 'shop:Message:message:billing:invoice %s failed for %s'],
    ['sentry-python-2.68/logentry.json', 'shop:Message:message:billing:invoice %s failed for %s'],
    // None of its frames has a file.
    ['sentry-browser-11/tunnel.json', 'shop:Error:message::via tunnel'],
  ])('of %s has the fingerprint of %j', (file, text) => {
    expect(readRecorded(file).report.fingerprint).toBe(md5(text));
  });

  test('keeps what an HTTP request brought, and none of its secrets', () => {
    const { report, context } = readRecorded('sentry-node-11/express-request.json');

    expect(report.requestMethod).toBe('POST');
    expect(report.requestUrl).toBe('http://127.0.0.1:18002/orders/7?coupon=A%20B&x=1');
    expect(JSON.parse(report.requestHeaders!)).toMatchObject({
      host: '127.0.0.1:18002',
      cookie: '[removed]',
      authorization: '[removed]',
      'user-agent': 'curl/8',
    });
    expect(JSON.parse(report.extra!)).toMatchObject({
      request_data: { qty: 2 },
      request_cookies: { sid: '[removed]', theme: '[removed]' },
      transaction: 'POST /orders/7',
      server_name: 'test-host',
      modules: { express: '5.3.0' },
    });
    expect(context.user).toEqual({ ip_address: '127.0.0.1' });
    expect(context.sdk).toEqual({ name: 'sentry.javascript.node', version: '11.12.0' });
  });

  test('loses the secrets in its local variables', () => {
    const { context } = readRecorded('sentry-python-1.9/store-exception-chained.json');
    const wsgi = readRecorded('sentry-python-1.9/store-wsgi-request.json');

    expect(context.exceptions?.[1]?.frames[0]).toMatchObject({
      function: 'charge',
      file: 'py_capture.py',
      path: '/app/py_capture.py',
      line: 6,
      library: false,
      source: '    return amount / 0',
      variables: { amount: '10', card: { number: "'4242'", cvv: '[removed]' } },
    });
    expect(wsgi.context.exceptions?.[0]?.frames[0]?.variables?.environ).toMatchObject({
      HTTP_HOST: "'shop.example.test'",
      HTTP_COOKIE: '[removed]',
      HTTP_AUTHORIZATION: '[removed]',
    });
  });

  test('shows a group with its members', () => {
    const { report, context } = readRecorded('sentry-python-2.68/exception-group.json');

    expect(context.exceptions?.map(({ type, parent }) => [type, parent])).toEqual([
      ['ExceptionGroup', null],
      ['ValueError', 0],
      ['TypeError', 0],
    ]);
    expect(report.traceback).toBe(
      'Traceback (most recent call last):\n' +
        '  File "/app/py2_capture.py", line 26, in <module>\n' +
        '    raise ExceptionGroup("many", [ValueError("one"), TypeError("two")])\n' +
        'ExceptionGroup: many\n' +
        '    ValueError: one\n' +
        '    TypeError: two',
    );
  });

  test('of a page is its user, with the address it came from', () => {
    const { details, context, report } = readRecorded('sentry-browser-11/onerror-debugid.json');

    expect(context.user).toEqual({ id: 'u-42', email: 'ada@example.test', ip_address: '192.0.2.7' });
    expect(details.handled).toBe(false);
    expect(context.exceptions?.[0]?.mechanism).toBe('auto.browser.global_handlers.onerror');
    expect(JSON.parse(details.tags)).toEqual([
      ['environment', 'staging'],
      ['release', 'web@3.2.1'],
      ['level', 'error'],
      ['user', 'u-42'],
      ['tenant', 'acme'],
    ]);
    expect(context.tags).toEqual({ tenant: 'acme' });
    expect(context.breadcrumbs?.[1]).toEqual({
      timestamp: '2026-11-23T00:48:42.429Z',
      type: null,
      category: 'console',
      level: 'info',
      message: 'about to pay',
      data: { arguments: ['about to pay'], logger: 'console' },
    });
    expect(report.requestUrl).toBe('http://localhost:18001/shop?ref=mail');
  });
});

describe('a recorded report of a browser about its policy', () => {
  const query = { environment: 'staging', release: 'web@3.2.1' };

  test.each([
    ['csp/csp-report-img.json', 'img-src', 'cdn.example.test'],
    ['csp/csp-report-inline.json', 'script-src-elem', 'inline'],
  ])('%s says what was blocked', (file, directive, blocked) => {
    const body = JSON.parse(readRecording(file).body) as Record<string, unknown>;
    const { report } = readCspReport(body, query, arrivalOf(file), scrubber)!;

    expect(report).toMatchObject({
      exceptionType: 'CSP',
      message: `Blocked '${directive}' from '${blocked}'`,
      traceback: `CSP: Blocked '${directive}' from '${blocked}'`,
      fingerprint: md5(`shop:CSP:${directive}:${blocked}`),
      source: 'browser',
      requestUrl: 'http://localhost:18001/',
      file: null,
      details: { level: 'warning', platform: 'javascript', environment: 'staging', release: 'web@3.2.1' },
    });
    expect(JSON.parse(report.extra!)).toMatchObject({ 'effective-directive': directive, 'line-number': 1 });
  });
});
