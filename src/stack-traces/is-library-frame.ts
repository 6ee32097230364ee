import { libraryRules } from './library-rules';
import type { Language, StackFrame } from './stack-trace';

const hasScheme = /^[a-z][a-z\d+.-]+:\/\//i;
const webpackLead = /^webpack(?:-internal)?:\/\/[^/]*\//;

/**
 * Whether a frame is code of the runtime or of a dependency, rather than of the application. It goes by names alone, so
 * what nothing marks as a library counts as the application's. Linear in the length of the frame, whatever the text.
 *
 * @example isLibraryFrame('python', { file: '/venv/lib/python3.12/site-packages/flask/app.py', … }) // true
 */
export function isLibraryFrame(language: Language, frame: StackFrame): boolean {
  const { files, functions, functionsWithoutFile, nameOf } = libraryRules[language];
  const written = frame.function ?? '';
  const name = nameOf?.(written) ?? written;
  return (
    anyFits(functions, name) ||
    (frame.file === null ? anyFits(functionsWithoutFile, name) : anyFits(files, toPath(frame.file)))
  );
}

function anyFits(patterns: readonly RegExp[] = [], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** `C:\shop\a.js` → `C:/shop/a.js`; `https://h/a.js?b#c` → `https://h/a.js`; `webpack://shop/./a.js?b` → `./a.js`. */
function toPath(file: string): string {
  // A folder may be called `c#`: only an address has a query and a fragment.
  if (!hasScheme.test(file)) return file.replaceAll('\\', '/');
  const lead = webpackLead.exec(file)?.[0].length ?? 0;
  // `./node_modules/babel-loader/lib!./src/App.vue?vue`: webpack names the loaders that a file went through before it.
  const path = lead > 0 ? file.slice(Math.max(lead, file.lastIndexOf('!') + 1)) : file;
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
