import { isPublicAddress } from '../../src/alerts/webhook/public-address';
import {
  describeWebhookProblem,
  hideSecrets,
  hostAndPort,
  maskWebhookUrl,
} from '../../src/alerts/webhook/webhook-url';

const SLACK = 'https://hooks.slack.com/services/T0123/B0123/abcdefABCDEF';

describe('An address is not public when it', () => {
  test.each([
    ['is loopback', '127.0.0.1'],
    ['is loopback', '127.255.255.254'],
    ['is loopback', '::1'],
    ['is unspecified', '0.0.0.0'],
    ['is unspecified', '0.1.2.3'],
    ['is unspecified', '::'],
    ['is private', '10.0.0.1'],
    ['is private', '172.16.0.1'],
    ['is private', '172.31.255.255'],
    ['is private', '192.168.1.1'],
    ['is unique-local', 'fd00:ec2::254'],
    ['is unique-local', 'fc00::1'],
    ['is site-local', 'fec0::1'],
    ['is link-local', '169.254.169.254'],
    ['is link-local', 'fe80::1'],
    ['is link-local with a zone', 'fe80::1%eth0'],
    ['is of carrier-grade NAT', '100.64.0.1'],
    ['is of carrier-grade NAT', '100.127.255.255'],
    ['is multicast', '224.0.0.1'],
    ['is multicast', 'ff02::1'],
    ['is broadcast', '255.255.255.255'],
    ['is reserved', '240.0.0.1'],
    ['is for benchmarks', '198.18.0.1'],
    ['is for documents', '192.0.2.1'],
    ['is for documents', '2001:db8::1'],
    ['wraps loopback', '::ffff:127.0.0.1'],
    ['wraps loopback', '::ffff:7f00:1'],
    ['wraps link-local', '::ffff:a9fe:a9fe'],
    ['wraps private in the old way', '::10.0.0.1'],
    ['wraps private by translation', '::ffff:0:10.0.0.1'],
    ['wraps loopback by 6to4', '2002:7f00:1::1'],
    ['wraps private by 6to4', '2002:c0a8:101::1'],
    ['wraps link-local by NAT64', '64:ff9b::169.254.169.254'],
    ['wraps private by NAT64', '64:ff9b::a00:1'],
    ['is of a local NAT64', '64:ff9b:1::808:808'],
    ['is of Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['is for nobody', '100::1'],
    ['is outside of what is routed', '4000::1'],
    ['is no address', 'localhost'],
    ['is no address', ''],
  ])('%s: %s', (_reason, address) => expect(isPublicAddress(address)).toBe(false));

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::5e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('but %s is', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('The address of a webhook', () => {
  test.each([
    ['must be an http:// or https:// address', ''],
    ['must be an http:// or https:// address', 'hooks.example.com/x'],
    ['must be an http:// or https:// address', 'ftp://example.com/'],
    ['must be an http:// or https:// address', 'javascript:alert(1)'],
    ['must be an http:// or https:// address', 'https://'],
    ['must be an http:// or https:// address', 'https:example.com'],
    ['must be an http:// or https:// address', 'https://example.com:99999/'],
    ['must be an address without blanks', ' https://example.com/'],
    ['must be an address without blanks', 'https://example.com/a\nb'],
    ['must be an address without blanks', 'https://example.com/a\0b'],
    ['must not have a user name or password in it', 'https://me@example.com/'],
    ['must not have a user name or password in it', 'https://:secret@example.com/'],
    ['must not have a fragment (#…)', 'https://example.com/#part'],
    ['must not have a fragment (#…)', 'https://example.com/#'],
    ['must be at most 2000 characters', `https://example.com/${'x'.repeat(2_000)}`],
  ])('is refused: it %s', (problem, url) => expect(describeWebhookProblem(url)).toBe(problem));

  test.each([SLACK, 'http://127.0.0.1:8080/hook?key=1', 'HTTPS://EXAMPLE.COM', 'https://[::1]/'])(
    '%s is taken',
    (url) => expect(describeWebhookProblem(url)).toBeNull(),
  );

  test('is shown without its secret, and two of one host differ', () => {
    const shown = [SLACK, `${SLACK}x`, 'http://example.com:8080/?key=secret'].map(maskWebhookUrl);
    expect(shown[0]).toMatch(/^https:\/\/hooks\.slack\.com\/…#[0-9a-f]{6}$/);
    expect(shown[1]).toMatch(/^https:\/\/hooks\.slack\.com\/…#[0-9a-f]{6}$/);
    expect(shown[0]).not.toBe(shown[1]);
    expect(shown[2]).toMatch(/^http:\/\/example\.com:8080\/…#[0-9a-f]{6}$/);
    expect(maskWebhookUrl(SLACK)).toBe(shown[0]);
    expect(maskWebhookUrl('https://me:secret@example.com/')).not.toContain('secret');
    expect(maskWebhookUrl('a secret')).toMatch(/^\(no address\)#[0-9a-f]{6}$/);
  });

  test.each([
    ['https://example.com/x', 'example.com:443'],
    ['http://example.com/x', 'example.com:80'],
    ['https://[::1]:8443/x', '[::1]:8443'],
  ])('%s is named %s in messages', (url, named) => expect(hostAndPort(new URL(url))).toBe(named));

  test.each([
    ['Cannot POST /services/T0123/B0123/abcdefABCDEF', SLACK, 'Cannot POST …'],
    ['no hook abcdefABCDEF here', SLACK, 'no hook … here'],
    ['POST /in?key=s3cret-key&a=1', 'https://example.com/in?key=s3cret-key&a=1', 'POST ……'],
    ['key: s3cret key', 'https://example.com/in?key=s3cret%20key', 'key: …'],
    ['[s3cret key]', 'https://example.com/s3cret%20key', '[…]'],
    ['ok', 'https://example.com/', 'ok'],
    ['a/b', 'https://example.com/', 'a/b'],
    ['100%', 'https://example.com/100%25%ZZ', '100%'],
  ])('is hidden in an answer that repeats it: %j', (text, url, shown) => {
    expect(hideSecrets(text, new URL(url))).toBe(shown);
  });
});
