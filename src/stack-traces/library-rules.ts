import {
  dartPackages,
  dotnetNamespaces,
  elixirModules,
  erlangModules,
  goPackages,
  javaPackages,
  nodeModules,
  rustCrates,
  scriptFunctions,
  scriptObjects,
  swiftModules,
} from './library-names';
import type { Language } from './stack-trace';

/** What tells that a frame is a library's. Any one of the patterns suffices, and each is linear. */
interface LibraryRules {
  /** of the file, with `/` between its folders; of an address without query and fragment */
  files?: readonly RegExp[];
  /** of the function, as `nameOf` gives it */
  functions?: readonly RegExp[];
  /** of the function, when the frame has no file */
  functionsWithoutFile?: readonly RegExp[];
  /** What of a function as it was written the patterns are for. */
  nameOf?: (written: string) => string;
}

export const libraryRules: Readonly<Record<Language, LibraryRules>> = {
  python: {
    files: [
      /(?:^|\/)(?:site-packages|dist-packages|lib(?:64)?\/(?:python|pypy)\d[\d.]*|lib_pypy|lib-python)\//,
      // On Windows the standard library is in `Lib`, which on its own may be anybody's.
      /^[a-z]:\/(?:.*\/)?(?:python[\d.]*(?:-32|_64)?|(?:ana|mini)conda\d?(?:\/envs\/[^/]+)?)\/lib\//i,
      /(?:^|\/)python\d+\.zip\/|\.egg\//,
      /^<(?:frozen |decorator-gen|__array_function__|attrs generated)/,
      /^\/var\/runtime\//, // AWS Lambda
    ],
  },
  javascript: {
    files: [
      /(?:^|\/)(?:node_modules|bower_components|jspm_packages)\//,
      // Runtimes. Node before 15 writes `internal/timers.js` and `events.js`; files of an application have a folder.
      /^(?:node:|internal\/|ext:|deno:|electron\/js2c\/|self-hosted$|InternalBytecode\.js$)/,
      begins(nodeModules, '\\.js$'),
      /^(?:(?:chrome|moz|ms-browser|safari|safari-web)-extension|chrome|resource|webkit-masked-url):|^extensions::/,
      // Bundlers: their own code, and what they put into a file of its own because it changes less often.
      /^(?:webpack\/(?:bootstrap|runtime)(?:[ /]|$)|\(webpack\)|\.\/~\/)|\[turbopack\]|\/@(?:vite|react-refresh)(?:\/|$)/,
      /^https?:(?!.*\/src\/).*\/(?:(?:chunk-)?vendors?|polyfills?|runtime)(?:[.~-][^/]*)?\.js$/,
      /\/_next\/static\/chunks\/(?:framework|main|webpack)-[^/]+$/,
      /^https?:\/\/(?:cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com|code\.jquery\.com|deno\.land|esm\.sh|jsr\.io|unpkg\.com)\//,
    ],
    functionsWithoutFile: [
      begins(scriptObjects, '(?:\\.|$)', '(?:new )?'),
      begins(scriptFunctions, '$'),
      /^\[native code\]$/,
    ],
  },
  java: {
    functions: [begins(javaPackages, '\\.'), /CGLIB\$\$|^\$Proxy\d/],
    // `java.base/java.util.List.get`, `app//com.shop.Main.run`. Behind the slash of a lambda's class stands a number.
    nameOf: (written) => written.replace(/^.*\/(?!\d)/, ''),
  },
  dotnet: {
    files: [/\/\.nuget\/packages\//i],
    functions: [begins(dotnetNamespaces, '\\.'), /^(?:lambda_method\d*\b|InvokeStub_)/],
    nameOf: withoutReturnType,
  },
  go: {
    files: [
      /\/pkg\/mod\/|@v\d/,
      // The vendor folder of Go has hosts in it (`vendor/github.com/`), unlike a package about vendors.
      /(?:^|\/)vendor\/[^/.]+\.[^/]+\//,
    ],
    // By name, as `-trimpath` takes the folder of Go away. Hosts may have such names too: `go.example.com/shop.Add`.
    functions: [begins(goPackages, '(?:\\/|\\.[^/]*$)', '(?:created by )?'), /^panic$/],
  },
  ruby: {
    files: [
      /\/gems\/[^/]{1,200}-\d|\/bundler\/gems\//,
      /(?:^|\/)lib\/ruby\/(?:\d|gems\/|site_ruby\/|stdlib\/|vendor_ruby\/)/,
      /^(?:<internal:|uri:classloader:|org\/jruby\/)/,
      /^[\w-]{1,200} \(\d[\w.-]*\) /, // Rails: `activerecord (7.0.4) lib/active_record/core.rb`
    ],
  },
  php: {
    files: [
      // Composer: `vendor/symfony/console/Application.php`. In lower case, unlike a namespace `Vendor`.
      /(?:^|\/)vendor\/(?:[^/]+\/[^/]+\/|autoload\.php$|bin\/|composer\/)/,
      /\/(?:wp-includes|wp-admin)\/|\/core\/lib\/Drupal\/|^\/usr\/share\/(?:php|pear)\//,
    ],
    // PHP says where a function was called: without a file the caller is PHP itself.
    functionsWithoutFile: [/^(?!\{main\}$)/],
  },
  rust: {
    files: [
      /\/\.?cargo\/(?:registry|git)\/|\/rustlib\/src\/|(?:^|\/)vendor\/[^/]+\/src\//,
      /^\/rustc\/|^(?:library\/|(?:src\/)?lib)(?:alloc|core|panic_unwind|proc_macro|std|test)\//,
    ],
    functions: [
      // `std[e28293b1aa0f68bd]::io` since Rust writes which build of a crate a name is from.
      begins(rustCrates, '(?:\\[[0-9a-f]{1,16}\\])?::', '<{0,3}(?:&(?:mut )?|dyn )?'),
      /^(?:_{0,2}rust_|__rustc\[|__libc_|__clone|__scrt_)/,
    ],
    functionsWithoutFile: [
      /^(?:main|_start|start_thread|clone3?|BaseThreadInitThunk|RtlUserThreadStart|<unknown>)$/,
    ],
  },
  elixir: {
    files: [
      /(?:^|\/)deps\/[^/]+\/(?:lib|src)\//,
      /\/lib\/(?:elixir|erlang)\/lib\//,
      begins(erlangModules, '\\.erl$'),
    ],
    functions: [begins(elixirModules, '\\.'), begins(erlangModules, '[.:]', ':?')],
    nameOf: (written) => written.replace(/^anonymous fn\/\d{1,3} in /, ''),
  },
  swift: {
    files: [
      begins(swiftModules, '\\/'),
      /\/(?:\.build|SourcePackages)\/checkouts\/|(?:^|\/)(?:Pods|Carthage)\/|\/swift\/stdlib\//,
    ],
    functionsWithoutFile: [
      begins(swiftModules, '\\.'),
      /^(?:_assertionFailure|_fatalErrorMessage|Swift runtime failure|_?swift(?:_|::)|__|_?start(?:_thread)?$|clone3?$)/,
      /^(?:[-+]\[(?:UI|NS)|CFRunLoop|UIApplicationMain|GSEvent|_?dispatch_|_?pthread_|thread_start|completeTask)/,
    ],
    nameOf: (written) => written.replace(/^(?:specialized |static |generic |closure #\d{1,5} in )+/, ''),
  },
  dart: {
    files: [
      /^(?:dart:|org-dartlang-)|\/\.pub-cache\/|\/pub\/cache\/|\/dart-sdk\/|(?:^|\/)dart_sdk\.js$/i,
      begins(dartPackages, '\\/', 'packages?[:/]'),
      /\/flutter\/(?:packages|bin\/cache)\//,
    ],
    functionsWithoutFile: [/\(dart:[^()]{1,200}\)$/],
  },
};

/**
 * A pattern for texts that begin with one of the words, which may have a `before` and must have an `after`.
 * @example begins('java org.apache', '\\.') // /^(?:java|org\.apache)\./
 */
function begins(words: string, after: string, before = ''): RegExp {
  const choice = words.trim().split(/\s+/).join('|').replaceAll('.', '\\.').replaceAll('*', '\\w*');
  return new RegExp(`^${before}(?:${choice})${after}`);
}

/**
 * `async Task<int> Shop.Cart.Add(Item item)` → `Shop.Cart.Add(Item item)`, as demystified traces have the type that is
 * returned, and `(wrapper managed-to-native) System.Object.f()` → `System.Object.f()`.
 */
function withoutReturnType(written: string): string {
  let start = 0;
  let depth = 0;
  for (let index = 0; index < written.length; index += 1) {
    const character = written[index] ?? '';
    if ('<['.includes(character)) depth += 1;
    else if ('>]'.includes(character)) depth -= 1;
    else if (depth > 0) continue;
    else if (character === '(' && index > start) break;
    else if (character === ' ' && written[index + 1] !== '(') start = index + 1;
  }
  return written.slice(start);
}
