import { parseEventJson } from '../../src/ingest/sentry/event/parse-event-json';
import { readCredentials, readDsnKey } from '../../src/ingest/sentry/read-credentials';
import { parseSentryPath } from '../../src/ingest/sentry/sentry-path';
import { cpuMsOf } from '../support/cpu-time';

const KEY = '0123456789abcdef0123456789abcdef';

describe('The address of a request', () => {
  test.each([
    ['/api/7/envelope/', { route: 'envelope', projectId: '7', query: '' }],
    ['/api/7/envelope', { route: 'envelope', projectId: '7', query: '' }],
    ['//api//7//envelope?a=1&b=//', { route: 'envelope', projectId: '7', query: 'a=1&b=//' }],
    ['/api/12345/store/?sentry_key=x', { route: 'store', projectId: '12345', query: 'sentry_key=x' }],
    ['/api/7/security/', { route: 'security', projectId: '7', query: '' }],
    ['/api/7/csp-report', { route: 'security', projectId: '7', query: '' }],
    ['/api/007/envelope/', { route: 'envelope', projectId: '007', query: '' }],
    ['/api/0/envelope/', null],
    ['/api/-1/envelope/', null],
    ['/api/web/envelope/', null],
    [`/api/${'9'.repeat(20)}/envelope/`, null],
    ['/api/7/envelope/more', null],
    ['/api/7/minidump/', null],
    ['/api/7/', null],
    ['/api/errors', null],
    ['/', null],
  ])('%s', (url, expected) => expect(parseSentryPath(url)).toEqual(expected));
});

describe('A key', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each([
    [
      'X-Sentry-Auth with blanks',
      { 'x-sentry-auth': `Sentry sentry_key=${KEY}, sentry_version=7, sentry_client=a/1` },
      '',
      { key: KEY, client: 'a/1' },
    ],
    [
      'X-Sentry-Auth without',
      { 'x-sentry-auth': `sentry sentry_version=5,sentry_key=${KEY},sentry_secret=s` },
      '',
      { key: KEY, client: null },
    ],
    [
      'X-Sentry-Auth, a value with equals signs',
      { 'x-sentry-auth': `Sentry sentry_key=${KEY},sentry_client=a=b` },
      '',
      { key: KEY, client: 'a=b' },
    ],
    [
      'X-Sentry-Auth without a key',
      { 'x-sentry-auth': 'Sentry sentry_version=7' },
      `sentry_key=${KEY}`,
      { key: KEY, client: null },
    ],
    [
      'Authorization: Sentry',
      { authorization: `Sentry sentry_key=${KEY}` },
      'sentry_client=b%2F2',
      { key: KEY, client: 'b/2' },
    ],
    [
      'Authorization: DSN',
      { authorization: `DSN https://${KEY}:secret@host/prefix/7` },
      '',
      { key: KEY, client: null },
    ],
    ['Authorization: Basic', { authorization: basic(`${KEY}:`) }, '', { key: KEY, client: null }],
    [
      'the query',
      {},
      `sentry_version=7&sentry_key=${KEY}&sentry_client=sentry.javascript.node%2F11.12.0`,
      { key: KEY, client: 'sentry.javascript.node/11.12.0' },
    ],
    [
      'a header before the query',
      { 'x-sentry-auth': 'Sentry sentry_key=other' },
      `sentry_key=${KEY}`,
      { key: 'other', client: null },
    ],
    ['nowhere', { authorization: 'Bearer x' }, 'key=1', null],
    ['an empty Basic', { authorization: basic(':x') }, '', null],
  ])('in %s', (_place, headers, query, expected) => {
    expect(readCredentials(headers, query)).toEqual(expected);
  });

  test.each([
    [`https://${KEY}@host/7`, KEY],
    [`http://${KEY}:secret@[::1]:5010/prefix/7`, KEY],
    [`https://@host/7`, ''],
    [`https://host/7`, null],
    [`ftp://${KEY}@host/7`, null],
    ['nonsense', null],
  ])('in the address %s', (dsn, expected) => expect(readDsnKey(dsn)).toBe(expected));
});

describe('The JSON of an event', () => {
  test.each([
    [
      '{"a":NaN,"b":[Infinity,-Infinity],"c":"NaN \\" Infinity"}',
      { a: null, b: [null, null], c: 'NaN " Infinity' },
    ],
    ['{"NaN":1,"x\\\\":NaN}', { NaN: 1, 'x\\': null }],
    ['{"a":1}', { a: 1 }],
  ])('%s', (text, expected) => expect(parseEventJson(text, 'The event')).toEqual(expected));

  test.each([['{"a":NaNa}'], ['{"a":"NaN}'], ['NaN'], [`{"a":${'\\"'.repeat(200_000)}NaN`]])(
    '%.20s is none',
    (text) => {
      const tookMs = cpuMsOf(() => {
        expect(() => parseEventJson(text, 'The event')).toThrow(
          /^The event (is not valid JSON|must be a JSON object)$/,
        );
      });
      expect(tookMs).toBeLessThan(1_000);
    },
  );
});
