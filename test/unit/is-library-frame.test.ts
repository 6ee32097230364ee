import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLibraryFrame } from '../../src/stack-traces/is-library-frame';
import { parseStackTrace } from '../../src/stack-traces/parse-stack-trace';
import { LANGUAGES, type Language, type StackFrame } from '../../src/stack-traces/stack-trace';

interface Marked {
  language: Language;
  situation: string;
  /** itself, or the `id` of a captured one in stacks.json */
  traceback?: string;
  id?: string;
  /** `own: main`, `library, thrown: json.loads`: what a frame is, and its function, or its file when it has none */
  frames: string[];
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../fixtures', name), 'utf8'));
const marked = fixture('stacks-libraries.json') as Marked[];
const captured = fixture('stacks.json') as { id: string; traceback: string }[];
const others = ['stacks-languages.json', 'stacks-frames.json', 'stacks-look-alikes.json'];
const all = [...captured, ...others.flatMap((name) => fixture(name) as { traceback: string }[])];

const frameOf = (written: Partial<StackFrame>): StackFrame => ({
  function: null,
  file: null,
  line: null,
  column: null,
  ...written,
});

describe('the frames of a trace are told apart, and one is where it was thrown', () => {
  it.each(marked)('$language: $situation', ({ language, traceback, id, frames }) => {
    const trace = parseStackTrace(traceback ?? captured.find((one) => one.id === id)?.traceback ?? '');
    expect(trace?.language).toBe(language);
    const marks = trace?.frames.map((frame) => {
      const origin = isLibraryFrame(language, frame) ? 'library' : 'own';
      return `${origin}${frame === trace.thrownAt ? ', thrown' : ''}: ${frame.function ?? frame.file}`;
    });
    expect(marks).toEqual(frames);
  });

  it('every language has at least two', () => {
    for (const language of LANGUAGES) {
      expect(marked.filter((trace) => trace.language === language).length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('the place that groups', () => {
  it('is one of the frames of every trace, not a copy of one', () => {
    const traces = all.map(({ traceback }) => parseStackTrace(traceback));
    const thrown = traces.filter((trace) => trace?.thrownAt);
    expect(thrown.length).toBeGreaterThan(200);
    for (const trace of thrown) {
      expect(trace?.frames.filter((frame) => frame === trace.thrownAt)).toHaveLength(1);
    }
  });
});

describe('what merely looks like a library is the application', () => {
  it.each<[Language, Partial<StackFrame>]>([
    ['python', { file: '/srv/shop/lib/python/cart.py' }],
    ['python', { file: '/srv/site-packages.py' }],
    ['python', { file: '/srv/python3/lib/cart.py' }],
    ['python', { file: 'C:\\srv\\shop\\lib\\cart.py' }],
    ['python', { file: '<string>' }],
    ['javascript', { file: '/srv/shop/src/node_modules_report.js' }],
    ['javascript', { file: '/srv/shop/src/vendors/list.js' }],
    ['javascript', { file: '/srv/shop/vendor.js' }],
    ['javascript', { file: 'C:\\srv\\internal\\cart.js' }],
    ['javascript', { file: '/srv/shop/events.js' }],
    ['javascript', { file: 'https://shop.example/vendors/list.js' }],
    ['javascript', { file: 'http://localhost:5173/src/vendors.js' }],
    ['javascript', { file: 'https://shop.example/app.js?from=/node_modules/a.js' }],
    ['javascript', { file: 'https://shop.example/app.js#/node_modules/a.js' }],
    ['javascript', { file: 'https://shop.example/chrome-extension://a.js' }],
    ['javascript', { file: 'webpack://shop/./src/webpack/runtime/a.js' }],
    ['javascript', { file: '[eval]' }],
    ['javascript', { function: 'mapPrices' }],
    ['javascript', { function: 'ArrayOfPrices.sum' }],
    ['javascript', { function: 'map', file: '/srv/shop/map.js' }],
    ['java', { function: 'javafoo.Cart.add' }],
    ['java', { function: 'org.apachefoo.Cart.add' }],
    ['java', { function: 'com.example.java.util.List.get' }],
    ['java', { function: 'app//com.example.Cart.add' }],
    ['java', { function: 'com.google.shop.Cart.add' }],
    ['dotnet', { function: 'SystemShop.Cart.Add(System.String name)' }],
    ['dotnet', { function: 'Task<System.String> Shop.Cart.Add(string name)' }],
    ['dotnet', { function: 'Dictionary<string, System.Int32> Shop.Cart.All()' }],
    ['dotnet', { function: 'Shop.Cart.Add<string, System.Int32>(int id)' }],
    ['dotnet', { function: '(int a, System.String b) Shop.Cart.Pair()' }],
    ['go', { function: 'main.main', file: '/go/src/shop/main.go' }],
    ['go', { function: 'shop/vendor.Find', file: '/src/shop/vendor/find.go' }],
    ['go', { function: 'go.example.com/shop.Add', file: '/src/shop/add.go' }],
    ['go', { function: 'timeouts.Check', file: '/src/shop/timeouts/check.go' }],
    ['ruby', { file: '/srv/shop/lib/ruby/cart.rb' }],
    ['ruby', { file: '/srv/shop/gems/cart/lib/cart.rb' }],
    ['php', { function: 'f()', file: '/srv/shop/vendor/list.php' }],
    ['php', { function: 'f()', file: '/srv/shop/app/Vendor/Shop/List.php' }],
    ['php', { function: '{main}' }],
    ['rust', { function: 'stdx::cart::add', file: 'src/cart.rs' }],
    ['rust', { function: '<shop::Cart as core::fmt::Display>::fmt', file: 'src/cart.rs' }],
    ['rust', { file: 'src/vendor/mod.rs' }],
    ['elixir', { function: 'Enumerations.all/0', file: 'lib/enum.ex' }],
    ['elixir', { function: 'ShopWeb.Phoenix.init/1', file: 'lib/shop_web/phoenix.ex' }],
    ['elixir', { function: ':shop.gen_server/1', file: 'src/shop.erl' }],
    ['swift', { function: '_start(cart:)', file: '/srv/Shop/Swift/cart.swift' }],
    ['dart', { function: 'Cart.add', file: 'package:flutter_shop/cart.dart' }],
    ['dart', { function: 'Cart.add', file: 'package:shop/flutter/cart.dart' }],
  ])('%s: %j', (language, written) => {
    expect(isLibraryFrame(language, frameOf(written))).toBe(false);
  });

  it.each<[Language, Partial<StackFrame>]>([
    ['python', { file: 'C:\\Users\\Ann\\miniconda3\\envs\\shop\\lib\\json\\decoder.py' }],
    ['python', { file: '/opt/python39.zip/json/decoder.py' }],
    ['javascript', { file: 'C:\\projects\\c#\\shop\\node_modules\\react\\index.js' }],
    ['javascript', { file: 'node_modules/@scope/a.js' }],
    ['javascript', { file: 'webpack://shop/webpack/bootstrap?3f2a' }],
    ['javascript', { file: 'https://shop.example/static/js/chunk-vendors.1a2b3c4d.js' }],
    ['javascript', { file: 'https://unpkg.com/vue@3/dist/vue.global.js' }],
    ['java', { function: 'java.base/java.lang.invoke.LambdaForm$DMH/0x00007f22.invokeStatic' }],
    ['dotnet', { function: 'System.Void System.Linq.X.Y (System.String a)' }],
    ['go', { function: 'slices.SortFunc[...]', file: 'slices/sort.go' }],
    ['ruby', { file: 'C:\\Ruby31-x64\\lib\\ruby\\3.1.0\\json.rb' }],
    ['php', { file: 'vendor/autoload.php' }],
    ['elixir', { function: 'lists:nth/2', file: 'lists.erl' }],
    ['dart', { file: 'C:\\Users\\Ann\\AppData\\Local\\Pub\\Cache\\hosted\\pub.dev\\a\\b.dart' }],
  ])('but this is a library, %s: %j', (language, written) => {
    expect(isLibraryFrame(language, frameOf(written))).toBe(true);
  });
});

describe('a name or file of 250 KB', () => {
  const pieces = [
    ...['/', '\\', '.', ' ', '(', '<', '<a, ', 'a', '-1', '@', '!', '?', '::', '_', '/a', '/1'],
    ...['/vendor/', '/vendor', '/vendor.', '/go', '/gems/', '/gems/a-', 'conda/', '/lib/python3', '/src'],
    ...[
      'node_modules',
      'webpack/',
      'specialized ',
      'static ',
      'closure #1 in ',
      'java.',
      '(dart:',
      '$$Lambda/',
    ],
  ];
  const leads = ['', 'C:/', 'http://h/', 'webpack:///', '/', '(', 'anonymous fn/1 in '];

  it.each(LANGUAGES)('is looked at in no time: %s', (language) => {
    for (const piece of pieces) {
      for (const lead of leads) {
        const text = lead + piece.repeat(Math.ceil(250_000 / piece.length));
        const started = process.hrtime.bigint();
        isLibraryFrame(language, frameOf({ function: text, file: text }));
        isLibraryFrame(language, frameOf({ function: text }));
        expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(500);
      }
    }
  });
});
