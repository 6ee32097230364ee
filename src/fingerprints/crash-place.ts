/** What tells where a frame is. */
export interface CodePlace {
  file: string | null;
  module: string | null;
}

export interface CrashFrame extends CodePlace {
  /** as it was sent; an empty one is no place */
  filename: string | null;
  line: number | null;
  /** null where the client does not say */
  inApp: boolean | null;
}

const LIBRARY_FOLDERS = /node_modules\/|site-packages\/|dist-packages\/|\/gems\/|\/vendor\//;
const LIBRARY_FILES = /^(?:node:|internal\/|<frozen)/;
const LIBRARY_MODULES = /^(?:javax?|jdk|sun|kotlin|System|Microsoft)\./;

const NO_FILES = new Set(['<anonymous>', '[native code]', '']);

/**
 * Where in a list an error was thrown: the newest frame of the application's own code; else the newest that may be; else
 * the newest with a place. -1 when none has one.
 *
 * Released: this rule and `isLibraryCode` decide about fingerprints. Never edit them; a better rule is a new function.
 * @param frames newest call first
 */
export function findCrashFrame(frames: readonly CrashFrame[]): number {
  let maybeOwn = -1;
  let newest = -1;
  for (const [index, frame] of frames.entries()) {
    if (!hasPlace(frame)) continue;
    if (frame.inApp === true) return index;
    if (newest < 0) newest = index;
    if (maybeOwn < 0 && frame.inApp === null && !isLibraryCode(frame)) maybeOwn = index;
  }
  return maybeOwn >= 0 ? maybeOwn : newest;
}

/** Whether a frame is code of the runtime or of a dependency, for clients that do not say so themselves. */
export function isLibraryCode({ file, module }: CodePlace): boolean {
  return (
    (file !== null && (LIBRARY_FOLDERS.test(file) || LIBRARY_FILES.test(file))) ||
    (module !== null && LIBRARY_MODULES.test(module))
  );
}

function hasPlace({ filename, file, module, line }: CrashFrame): boolean {
  return (
    line !== null && (file !== null || module !== null) && !(filename !== null && NO_FILES.has(filename))
  );
}

/**
 * A file as it groups: the same on every host and in every build where that can be told.
 * Released: never edit this rule.
 * @example normalizeFile('https://shop.example/assets/app.js?v=3') // '/assets/app.js'
 */
export function normalizeFile(written: string): string {
  const file = written.replaceAll('\\', '/');
  const address = /^https?:\/\/[^/?#]*/.exec(file);
  if (address !== null) return withoutQuery(file.slice(address[0].length)) || '/';
  const path = file.replace(/^webpack(?:-internal)?:\/\/[^/]*\//, '');
  return path.replace(/^(?:\.{1,2}\/)+/, '') || file;
}

/**
 * A bundle's name without what is different in each build.
 * Released: never edit this rule.
 * @example hideBuildHash('/assets/app-0f3a9c21.js') // '/assets/app-*.js'
 */
export function hideBuildHash(file: string): string {
  return file.replace(/([-.])[0-9a-f]{8,}\.(?=[^/]*$)/i, '$1*.');
}

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
