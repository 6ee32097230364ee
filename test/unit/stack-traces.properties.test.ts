import fc from 'fast-check';
import { parseStackTrace } from '../../src/stack-traces/parse-stack-trace';

/** Pieces that parsers look for, so that random texts come near to frames. */
const pieces = [
  'Traceback (most recent call last):\n',
  '  File "',
  '", line ',
  ', in f',
  'ValueError: ',
  '    at ',
  ' (',
  ')',
  '(eval at ',
  '<anonymous>',
  '@',
  ' line 3 > eval',
  ':1:2',
  ':12',
  'http://a.example/b.js',
  'Caused by: ',
  '\tat a.B.c(B.java:1)',
  ' in /a.cs:line 3',
  'goroutine 1 [running]:\n',
  'main.f()\n\t/a.go:3',
  "a.rb:2:in 'f'",
  '#0 /a.php(3): f()',
  'Stack trace:',
  "thread 'main' panicked at 'x', a.rs:1:2",
  '(app 1.0) a.ex:3: F',
  'a.swift:3: Fatal error',
  '#0  f (package:a/b.dart:1:2)',
  '\n',
  ' ',
  '0',
];
const lines = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })), { maxLength: 40 })
  .map((parts) => parts.join('').replaceAll('\r', ' '));
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const line = fc.integer({ min: 1, max: 9_999_999_999 });

describe('any text', () => {
  it('is read without an error, and a place stands in the text', () => {
    fc.assert(
      fc.property(fc.oneof(lines, fc.string({ unit: 'binary' })), (text) => {
        const thrownAt = parseStackTrace(text)?.thrownAt;
        if (!thrownAt) return;
        expect(text).toContain(thrownAt.file);
        expect(text).toContain(String(thrownAt.line));
        expect(thrownAt.file).not.toMatch(/\n/);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same with CRLF as with LF', () => {
    fc.assert(
      fc.property(lines, (text) => {
        expect(parseStackTrace(text.replaceAll('\n', '\r\n'))).toEqual(parseStackTrace(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a frame put into a trace', () => {
  it('is the place when it is the last of Python', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, line)), name, line, (before, file, number) => {
        const frame = (path: string, at: number): string =>
          `  File "${path}.py", line ${at}, in f\n    f()\n`;
        const text = `Traceback (most recent call last):\n${before.map(([path, at]) => frame(path, at)).join('')}${frame(file, number)}ValueError: x`;
        expect(parseStackTrace(text)?.thrownAt).toMatchObject({ file: `${file}.py`, line: number });
        expect(parseStackTrace(text)?.frames).toHaveLength(before.length + 1);
      }),
    );
  });

  it.each([
    ['V8', (file: string, at: number) => `    at f (/${file}.js:${at}:1)`],
    ['Gecko', (file: string, at: number) => `f@/${file}.js:${at}:1`],
  ])('is the place when it is the first of %s', (_engine, frame) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, line)), name, line, (after, file, number) => {
        const frames = [frame(file, number), ...after.map(([path, at]) => frame(path, at))];
        const trace = parseStackTrace(`TypeError: x\n${frames.join('\n')}`);
        expect(trace?.thrownAt).toMatchObject({ file: `/${file}.js`, line: number });
        expect(trace?.frames).toHaveLength(after.length + 1);
      }),
    );
  });
});

describe('250 KB of hostile text', () => {
  const size = 250_000;
  const fill = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  const shapes: [string, string][] = [
    ...[
      '(',
      ')',
      '@',
      ' ',
      '\t',
      ':1:1',
      ':1',
      '1',
      'at ',
      ' at ',
      '    at ',
      ' > eval',
      ' line 1',
      '"',
      "'",
    ],
    ...[
      'eval at (',
      '(eval at ',
      'File "',
      'File "a',
      '", line ',
      '", line 1',
      '| ',
      '+',
      'a.',
      'A',
      'é',
      '_',
    ],
    ...[
      '.js?',
      '.rs:',
      '.rs:1',
      ": 'in",
      ':in `',
      'a(1',
      '(1): ',
      '):',
      ' in ',
      ' in /',
      '#0 ',
      "', ",
      ' (at ',
    ],
    ...['{line,', '{file,"', ', line ', ' on line ', 'panicked at ', "thread 'x' ", 'Caused by: ', '[0x'],
    ...[
      'http://',
      '@http://',
      'wasm-function[',
      ' [0x0] in ',
      ' dans ',
      ': Fatal error',
      '.go:',
      '0x ',
      ' - ',
    ],
  ].map((piece) => [JSON.stringify(piece), fill(piece)]);
  const shapesOfLines: [string, string][] = [
    ...[
      'at (\n',
      '\n',
      ' \n',
      '@\n',
      'at a(\n',
      '  File "\n',
      'goroutine 1 [x]:\n',
      '0: x\n',
      '#0 a\n',
      'a.b\n\t/a.go:1\n',
    ],
    ...[
      'Caused by: a\n',
      '(most recent call last)\n',
      "panicked at '\n",
      '  File "a", line 1, in f\n',
      'Suppressed: \n',
    ],
  ].map((piece) => [JSON.stringify(piece), fill(piece)]);
  const leads = [
    '',
    '    at ',
    '  File "a',
    'Traceback (most recent call last): ',
    'f@',
    '#0 ',
    "thread 'a' panicked at ",
  ];
  const tails = ['', ' x', ':1:2', ')', ':line 3'];

  const readingTimeMs = (text: string): number => {
    const started = process.hrtime.bigint();
    parseStackTrace(text);
    return Number(process.hrtime.bigint() - started) / 1e6;
  };

  it.each(shapes)('in one line of %s is read in well under a second', (_shape, text) => {
    for (const lead of leads) {
      for (const tail of tails) expect(readingTimeMs(`${lead}${text}${tail}`)).toBeLessThan(1000);
    }
  });

  // Every parser runs on the last of these.
  const marks = 'at \n.go:\n.rs:\n.cs:\n#\n.dart\n.rb:\n.ex\n.swift\nFile "\n';
  it.each(shapesOfLines)('in lines of %s is read in well under a second', (_shape, text) => {
    expect(readingTimeMs(text)).toBeLessThan(1000);
    expect(readingTimeMs(marks + text)).toBeLessThan(2000);
  });

  it('in one line does not hide the place of a long data: URI', () => {
    const uri = `data:text/javascript,${'a(b) '.repeat(40_000)}`;
    const thrownAt = parseStackTrace(`Error: x\n    at f (${uri}:3:4)`)?.thrownAt;
    expect(thrownAt?.file).toBe(uri);
    expect(thrownAt?.line).toBe(3);
  });
});
