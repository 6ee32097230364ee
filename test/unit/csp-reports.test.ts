import { hash } from 'node:crypto';
import type { OccurrenceContext } from '../../src/errors/occurrence-context';
import { readCspReport } from '../../src/ingest/sentry/event/read-csp-report';
import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';

type Sent = Record<string, unknown>;
const arrival = {
  project: 'shop',
  receivedAt: new Date('2026-11-23T12:00:00Z'),
  eventId: null,
  sentAt: null,
  isBrowser: true,
  peerAddress: null,
};
const scrubber = createScrubber();
const read = (
  body: Sent | unknown[],
  query: { environment: string | null; release: string | null } = { environment: null, release: null },
) => readCspReport(body, query, arrival, scrubber);

describe('a report about a policy', () => {
  const message = "Blocked 'img-src' from 'cdn.example:8443'";
  const blocked = 'https://cdn.example:8443/a.png?x';

  test.each<[string, Sent | unknown[]]>([
    ['a report', { 'csp-report': { 'blocked-uri': blocked, 'effective-directive': 'img-src' } }],
    [
      'a report with other spellings',
      { 'csp-report': { blocked_uri: blocked, effective_directive: 'img-src' } },
    ],
    [
      'the whole line of the policy',
      { 'csp-report': { 'blocked-uri': blocked, 'violated-directive': "img-src 'self' data:" } },
    ],
    [
      'the Reporting API',
      [
        { type: 'deprecation', body: {} },
        null,
        { type: 'csp-violation', body: { blockedURL: blocked, effectiveDirective: 'img-src' } },
      ],
    ],
    [
      'one of the Reporting API alone',
      { type: 'csp-violation', body: { blockedURL: blocked, effectiveDirective: 'img-src' } },
    ],
  ])('may come as %s', (_form, body) => {
    expect(read(body)?.report).toMatchObject({
      message,
      fingerprint: hash('md5', 'shop:CSP:img-src:cdn.example:8443', 'hex'),
    });
  });

  test.each<[unknown, string]>([
    ['inline', 'inline'],
    ['eval', 'eval'],
    ['data', 'data'],
    ['data:image/png;base64,AAAA', 'data'],
    ['blob:https://a', 'blob'],
    ['https://me:x@cdn.example', 'cdn.example'],
    ['', 'inline'],
    [null, 'inline'],
    [{}, 'inline'],
  ])('that %j was blocked says %j', (uri, host) => {
    expect(read({ 'csp-report': { 'blocked-uri': uri, 'effective-directive': 'a' } })?.report.message).toBe(
      `Blocked 'a' from '${host}'`,
    );
  });

  test.each<[string, Sent | unknown[]]>([
    ['another kind of report', { 'expect-ct-report': { hostname: 'a' } }],
    ['a list of other kinds', [{ type: 'network-error', body: {} }]],
    ['an empty list', []],
    ['an empty report', { 'csp-report': {} }],
    ['a report of a wrong type', { 'csp-report': 'x' }],
    ['nothing', {}],
  ])('is none in %s', (_what, body) => {
    expect(read(body)).toBeNull();
  });

  test('has the environment and release of its address, and tags to find it by', () => {
    const body = {
      'csp-report': {
        'document-uri': 'https://shop.example/pay',
        'effective-directive': 'img-src',
        __proto__x: 1,
      },
    };
    const report = read(body, { environment: 'production', release: 'a@1' })!.report;

    expect(report).toMatchObject({
      requestUrl: 'https://shop.example/pay',
      requestMethod: null,
      userId: null,
      source: 'browser',
    });
    expect(report.details).toMatchObject({ environment: 'production', release: 'a@1', handled: null });
    expect(JSON.parse(report.details!.tags)).toEqual([
      ['environment', 'production'],
      ['release', 'a@1'],
      ['level', 'warning'],
    ]);
    expect(report.details!.eventId).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.parse(report.details!.context) as OccurrenceContext).toEqual({
      occurred_at: '2026-11-23T12:00:00.000Z',
    });
  });
});
