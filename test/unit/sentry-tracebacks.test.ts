import { parseStackTrace } from '../../src/stack-traces/parse-stack-trace';
import { readParts, thrownIn } from '../support/sentry-events';

type Sent = Record<string, unknown>;

/** Frames as they travel: the oldest first. */
const frames = {
  python: [
    {
      filename: 'shop/app.py',
      abs_path: '/srv/shop/app.py',
      module: 'shop.app',
      function: 'main',
      lineno: 9,
      context_line: '    pay(order)',
      in_app: true,
    },
    {
      filename: 'shop/pay.py',
      abs_path: '/srv/shop/pay.py',
      module: 'shop.pay',
      function: 'pay',
      lineno: 31,
      context_line: '    raise ValueError("no")\n',
      in_app: true,
    },
  ],
  javascript: [
    { filename: '/srv/shop/main.js', function: '?', lineno: 3, colno: 7, in_app: true },
    { filename: '/srv/shop/pay.js', function: 'Cart.pay', lineno: 31, colno: 11, in_app: true },
  ],
  java: [
    { filename: 'Main.java', module: 'com.shop.Main', function: 'main', lineno: 9, in_app: true },
    { filename: 'Pay.java', module: 'com.shop.Pay', function: 'charge', lineno: 31, in_app: true },
  ],
  csharp: [
    {
      filename: 'Main.cs',
      abs_path: '/srv/shop/Main.cs',
      module: 'Shop.Main',
      function: 'Run',
      lineno: 9,
      in_app: true,
    },
    {
      filename: 'Pay.cs',
      abs_path: '/srv/shop/Pay.cs',
      module: 'Shop.Pay',
      function: 'Charge(Int32 amount)',
      lineno: 31,
      in_app: true,
    },
  ],
  ruby: [
    { filename: 'app.rb', abs_path: '/srv/shop/app.rb', function: '<main>', lineno: 9, in_app: true },
    { filename: 'pay.rb', abs_path: '/srv/shop/pay.rb', function: 'charge', lineno: 31, in_app: true },
  ],
  php: [
    { filename: '/public/index.php', abs_path: '/srv/shop/public/index.php', lineno: 9, in_app: true },
    {
      filename: '/src/Pay.php',
      abs_path: '/srv/shop/src/Pay.php',
      function: 'Shop\\Cart::add',
      lineno: 12,
      in_app: true,
    },
    {
      filename: '/src/Pay.php',
      abs_path: '/srv/shop/src/Pay.php',
      function: 'Shop\\Pay::charge',
      lineno: 31,
      in_app: true,
    },
  ],
  go: [
    { abs_path: '/srv/shop/main.go', module: 'main', function: 'main', lineno: 9, in_app: true },
    {
      abs_path: '/srv/shop/pay.go',
      module: 'shop/pay',
      function: '(*Cart).Charge',
      lineno: 31,
      in_app: true,
    },
  ],
  rust: [
    {
      filename: 'main.rs',
      abs_path: '/srv/shop/src/main.rs',
      function: 'shop::main',
      lineno: 9,
      colno: 5,
      in_app: true,
    },
    {
      filename: 'pay.rs',
      abs_path: '/srv/shop/src/pay.rs',
      function: 'shop::pay::charge',
      lineno: 31,
      in_app: true,
    },
  ],
} satisfies Record<string, Sent[]>;

const tracebacks: Record<keyof typeof frames, string> = {
  python: `Traceback (most recent call last):
  File "/srv/shop/app.py", line 9, in main
    pay(order)
  File "/srv/shop/pay.py", line 31, in pay
    raise ValueError("no")
shop.errors.ValueError: no`,
  javascript: `ValueError: no
    at Cart.pay (/srv/shop/pay.js:31:11)
    at /srv/shop/main.js:3:7`,
  java: `shop.errors.ValueError: no
\tat com.shop.Pay.charge(Pay.java:31)
\tat com.shop.Main.main(Main.java:9)`,
  csharp: `ValueError: no
   at Shop.Pay.Charge(Int32 amount) in /srv/shop/Pay.cs:line 31
   at Shop.Main.Run() in /srv/shop/Main.cs:line 9`,
  ruby: `/srv/shop/pay.rb:31:in \`charge': no (ValueError)
\tfrom /srv/shop/app.rb:9:in \`<main>'`,
  php: `ValueError: no in /srv/shop/src/Pay.php:31
Stack trace:
#0 /srv/shop/src/Pay.php(12): Shop\\Pay::charge()
#1 /srv/shop/public/index.php(9): Shop\\Cart::add()
#2 {main}`,
  go: `ValueError: no

goroutine 1 [running]:
shop/pay.(*Cart).Charge(...)
\t/srv/shop/pay.go:31
main.main(...)
\t/srv/shop/main.go:9`,
  rust: `ValueError: no
   0: shop::pay::charge
             at /srv/shop/src/pay.rs:31
   1: shop::main
             at /srv/shop/src/main.rs:9:5`,
};

describe('the traceback of an event', () => {
  test.each(Object.entries(tracebacks))(
    'of %s looks as that language writes it, and is read back',
    (platform, traceback) => {
      const event = thrownIn(platform, frames[platform as keyof typeof frames], { module: 'shop.errors' });
      const { report } = readParts(event);
      const thrownAt = parseStackTrace(report.traceback)?.thrownAt;

      expect(report.traceback).toBe(traceback);
      expect([thrownAt?.line, thrownAt?.file.split('/').at(-1)?.toLowerCase()]).toEqual([
        31,
        expect.stringMatching(/^pay\./),
      ]);
      expect([report.line, report.file?.toLowerCase()]).toEqual([31, expect.stringMatching(/pay\.\w+$/)]);
    },
  );

  const cause = {
    type: 'KeyError',
    value: 'key',
    stacktrace: { frames: [{ filename: 'a.x', function: 'get', lineno: 5 }] },
  };
  const outer = {
    type: 'ValueError',
    value: 'no',
    stacktrace: { frames: [{ filename: 'b.x', function: 'set', lineno: 6 }] },
  };

  test.each<[string, Sent, string]>([
    [
      'python',
      { mechanism: { type: 'chained', source: '__cause__' } },
      'Traceback (most recent call last):\n  File "a.x", line 5, in get\nKeyError: key\n\n' +
        'The above exception was the direct cause of the following exception:\n\n' +
        'Traceback (most recent call last):\n  File "b.x", line 6, in set\nValueError: no',
    ],
    [
      'python',
      { mechanism: { type: 'chained', source: '__context__' } },
      'Traceback (most recent call last):\n  File "a.x", line 5, in get\nKeyError: key\n\n' +
        'During handling of the above exception, another exception occurred:\n\n' +
        'Traceback (most recent call last):\n  File "b.x", line 6, in set\nValueError: no',
    ],
    ['node', {}, 'ValueError: no\n    at set (b.x:6)\nCaused by: KeyError: key\n    at get (a.x:5)'],
    ['java', {}, 'ValueError: no\n\tat set(b.x:6)\nCaused by: KeyError: key\n\tat get(a.x:5)'],
    [
      'csharp',
      {},
      'ValueError: no\n   at set() in b.x:line 6\n ---> KeyError: key\n   at get() in a.x:line 5',
    ],
    ['ruby', {}, "b.x:6:in `set': no (ValueError)\na.x:5:in `get': key (KeyError)"],
    [
      'php',
      {},
      'ValueError: no in b.x:6\nStack trace:\n#0 [internal function]: set()\n#1 {main}\n' +
        'Previous: KeyError: key in a.x:5\nStack trace:\n#0 [internal function]: get()\n#1 {main}',
    ],
    [
      'go',
      {},
      'ValueError: no\n\ngoroutine 1 [running]:\nset(...)\n\tb.x:6\n\n' +
        'Caused by: KeyError: key\n\ngoroutine 1 [running]:\nget(...)\n\ta.x:5',
    ],
    [
      'native',
      {},
      'ValueError: no\n   0: set\n             at b.x:6\nCaused by: KeyError: key\n   0: get\n             at a.x:5',
    ],
    ['perl', {}, 'ValueError: no\n    at set (b.x:6)\nCaused by: KeyError: key\n    at get (a.x:5)'],
  ])('of a chain in %s has its cause where it belongs', (platform, more, traceback) => {
    const { report } = readParts({ platform, exception: { values: [{ ...cause, ...more }, outer] } });

    expect(report.traceback).toBe(traceback);
    expect(report.exceptionType).toBe('ValueError');
  });

  test('of a group has its members below it, and the cause of each below that', () => {
    const entry = (type: string, mechanism: Sent) => ({ type, value: 'x', mechanism });
    const { report, context } = readParts({
      platform: 'node',
      exception: [
        entry('Cause', { exception_id: 3, parent_id: 1, source: 'cause' }),
        entry('Second', { exception_id: 2, parent_id: 0, source: 'errors[1]' }),
        entry('First', { exception_id: 1, parent_id: 0, source: 'errors[0]' }),
        entry('Group', { exception_id: 0, is_exception_group: true }),
      ],
    });

    expect(report.traceback).toBe('Group: x\n    First: x\n    Caused by: Cause: x\n    Second: x');
    expect(context.exceptions?.map(({ type, parent }) => [type, parent])).toEqual([
      ['Group', null],
      ['First', 0],
      ['Second', 0],
      ['Cause', 1],
    ]);
  });

  test.each<[string, Sent[], Sent, string]>([
    ['other', [], {}, 'ValueError: no'],
    ['other', [], { value: '' }, 'ValueError'],
    ['ruby', [], {}, 'ValueError: no'],
    ['ruby', [{ filename: 'a.rb', lineno: 3 }], { value: 'no\nnever' }, 'a.rb:3: no (ValueError)\nnever'],
    [
      'python',
      [{ module: 'zipped' }],
      { module: 'builtins' },
      'Traceback (most recent call last):\n  File "zipped"\nValueError: no',
    ],
    [
      'javascript',
      [{ filename: '<anonymous>', function: 'eval' }],
      {},
      'ValueError: no\n    at eval (<anonymous>)',
    ],
    ['javascript', [{ function: 'f', filename: 'a.js', lineno: 3 }], {}, 'ValueError: no\n    at f (a.js:3)'],
    ['java', [{ module: 'a.B', function: 'c' }], {}, 'ValueError: no\n\tat a.B.c(Unknown Source)'],
    [
      'java',
      [{ module: 'a.B', function: 'c', filename: 'B.java', lineno: -2, native: true }],
      {},
      'ValueError: no\n\tat a.B.c(Native Method)',
    ],
    ['csharp', [{ module: 'A.B', function: 'C' }], {}, 'ValueError: no\n   at A.B.C()'],
    ['php', [{ function: 'a' }], {}, 'ValueError: no\nStack trace:\n#0 [internal function]: a()\n#1 {main}'],
    [
      'native',
      [{ instruction_addr: '0x1a2b', package: '/lib/libc.so' }],
      {},
      'ValueError: no\n   0: 0x1a2b /lib/libc.so',
    ],
    // A frame's own platform wins.
    [
      'native',
      [{ platform: 'python', filename: 'a.py', function: 'f', lineno: 3 }],
      {},
      'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: no',
    ],
  ])('of %s with frames %j is complete with %j', (platform, sent, exception, traceback) => {
    expect(readParts(thrownIn(platform, sent, exception)).report.traceback).toBe(traceback);
  });

  test.each(['python', 'node', 'php', 'ruby'])(
    'in %s of a deep recursion says where frames are left out',
    (platform) => {
      const calls = Array.from({ length: 5_000 }, (_, index) => ({
        filename: 'a.x',
        function: `f${index}`,
        lineno: index + 1,
      }));
      const { report, context, cut } = readParts(thrownIn(platform, calls));
      const lines = report.traceback.split('\n').filter((line) => /\bf\d|omitted/.test(line));
      const omission = lines.findIndex((line) => line.includes('4750 frames omitted'));

      expect(context.exceptions?.[0]?.frames).toHaveLength(250);
      expect(context.exceptions?.[0]?.frames.map((frame) => frame.function)).toEqual(
        expect.arrayContaining(['f4999', 'f4875', 'f124', 'f0']),
      );
      expect(cut).toEqual(['frames']);
      const around = [lines[omission - 1], lines[omission + 1]].map((line) => /\bf\d+/.exec(line ?? '')?.[0]);
      expect(around).toEqual(
        platform === 'python'
          ? ['f124', 'f4875']
          : platform === 'php'
            ? ['f4876', 'f4875']
            : ['f4875', 'f124'],
      );
    },
  );

  test('is cut in the middle when it is longer than anybody reads', () => {
    const calls = Array.from({ length: 250 }, (_, index) => ({
      filename: `${'d/'.repeat(400)}a.js`,
      function: `f${index}`,
      lineno: 1,
    }));
    const { report } = readParts(thrownIn('node', calls));

    expect(report.traceback.length).toBeLessThanOrEqual(65_536);
    expect(report.traceback).toMatch(/^ValueError: no\n {4}at f249 /);
    expect(report.traceback).toMatch(/\n…\n/);
    expect(report.traceback).toMatch(/a\.js:1\)$/);
  });
});
