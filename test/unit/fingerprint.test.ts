import { computeFingerprint } from '../../src/fingerprints/fingerprint';

const python =
  'Traceback (most recent call last):\n  File "app.py", line 7, in main\n    f()\nValueError: bad';

// The values were computed with md5sum, for instance: printf 'shop:ValueError:app.py:7' | md5sum
describe('the fingerprint of a report', () => {
  it('is the MD5 of project, type, file and line when a frame has a place', () => {
    expect(computeFingerprint({ project: 'shop', exceptionType: 'ValueError', traceback: python })).toBe(
      'db2dcd6742af6a2f5da8a6bf37972ce6',
    );
  });

  it('takes a URL with its query and without its column', () => {
    const traceback = 'Error: x\n    at f (https://a.example/b.js?v=1:12:34)';
    expect(computeFingerprint({ project: 'web', exceptionType: 'Error', traceback })).toBe(
      'a7e70ee4bf7b325010d5964009ed1745',
    );
  });

  it('takes the whole traceback when no frame has a place', () => {
    const traceback = 'Error: x\r\n    at Array.map (<anonymous>)\n';
    expect(computeFingerprint({ project: 'web', exceptionType: 'Error', traceback })).toBe(
      '9c9b2ea6f46b09a83581378f6e927c86',
    );
  });

  it('takes an empty traceback as it is', () => {
    expect(computeFingerprint({ project: 'web', exceptionType: 'Error', traceback: '' })).toBe(
      '9c5c0b308a1b848baeefccb12e0e9e49',
    );
  });

  it('reads names and paths as UTF-8', () => {
    const traceback = '  File "/srv/größe/日本.py", line 3, in f';
    expect(computeFingerprint({ project: 'läden', exceptionType: '💥Error', traceback })).toBe(
      'b35b1958667acae8d7487dad2f3371a5',
    );
  });

  it('is the same for CRLF and LF, other messages and other callers', () => {
    const other = python
      .replace('bad', 'worse')
      .replace(':\n', ':\n  File "main.py", line 1, in x\n    main()\n');
    const of = (traceback: string): string =>
      computeFingerprint({ project: 'shop', exceptionType: 'ValueError', traceback });
    expect(of(python.replaceAll('\n', '\r\n'))).toBe(of(python));
    expect(of(other)).toBe(of(python));
  });

  it('differs by project, by type and by line', () => {
    const base = { project: 'shop', exceptionType: 'ValueError', traceback: python };
    const all = [
      base,
      { ...base, project: 'other' },
      { ...base, exceptionType: 'KeyError' },
      { ...base, traceback: python.replace('line 7', 'line 8') },
    ].map((input) => computeFingerprint(input));
    expect(new Set(all).size).toBe(4);
  });
});
