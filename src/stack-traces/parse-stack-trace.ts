import { parseDart } from './parse-dart';
import { parseDotnet } from './parse-dotnet';
import { parseElixir } from './parse-elixir';
import { parseGecko } from './parse-gecko';
import { parseGo } from './parse-go';
import { parseJava } from './parse-java';
import { parsePhp } from './parse-php';
import { isSurelyPython, parsePython } from './parse-python';
import { parseRuby } from './parse-ruby';
import { parseRust } from './parse-rust';
import { parseSwift } from './parse-swift';
import { parseV8 } from './parse-v8';
import { splitLines } from './place';
import type { StackTrace } from './stack-trace';

interface Parser {
  parse: (lines: readonly string[]) => StackTrace | null;
  /** A text without any of these has no place in it for the parser: most parsers are never run. */
  marks: readonly string[];
}

/**
 * The order decides about texts that several parsers read, such as a message that quotes another program's output:
 * forms that nothing else looks like come first, V8's `at name (file:1:2)` behind those that also begin with `at`.
 */
const parsers: readonly Parser[] = [
  { parse: parseGo, marks: ['.go:'] },
  { parse: parseRust, marks: ['.rs:'] },
  { parse: parseDotnet, marks: ['.cs:', '.fs:', '.fsx:', '.vb:', '.razor:', '.cshtml:', '.xaml:'] },
  { parse: parseJava, marks: ['at '] },
  { parse: parseV8, marks: ['at '] },
  { parse: parsePhp, marks: ['#', 'tack trace:', ' on line '] },
  { parse: parseDart, marks: ['.dart', 'dart:'] },
  { parse: parseRuby, marks: [":in '", ':in `', '.rb:', '.ru:', '.rake:', '.erb:', '.haml:', '.slim:'] },
  { parse: parseElixir, marks: ['.ex', '.erl', 'eex', '.xrl', '.yrl', '.hrl', '.livemd', 'iex', 'nofile'] },
  { parse: parseSwift, marks: ['.swift'] },
];

/**
 * Reads a stack trace of any supported language; never throws, linear in the length of the text.
 *
 * A Python traceback wins over everything else in the text: a Python error often carries another program's output,
 * and the reverse (a Node error about a Python child process) is grouped best by what really failed. The frames of
 * Firefox and Safari (`name@file:1:2`) come last, because prose looks like them (`user@example.com:25:1`).
 *
 * @returns null when the text is no stack trace; `thrownAt` is null when no frame has a file and a line.
 * @example parseStackTrace('Error: no\n    at f (/app/a.js:1:2)')?.thrownAt?.file // '/app/a.js'
 */
export function parseStackTrace(text: string): StackTrace | null {
  const lines = splitLines(text);
  const python = text.includes('File "') ? parsePython(lines, text) : null;
  if (python !== null && isSurelyPython(lines, text)) return python;
  const ending = findParserOfEnd(lines)?.(lines);
  let withoutPlace: StackTrace | null = null;
  for (const { parse, marks } of parsers) {
    // Go and Rust name the place before the frames, and Rust's frames have lines with `at` as well.
    if (ending && parse !== parseGo && parse !== parseRust) return ending;
    if (!marks.some((mark) => text.includes(mark))) continue;
    const trace = parse(lines);
    if (trace?.thrownAt) return trace;
    withoutPlace ??= trace;
  }
  const gecko = parseGecko(lines);
  return gecko?.thrownAt ? gecko : (python ?? withoutPlace ?? gecko);
}

/**
 * The parser of the last frame. A message stands above the frames, so when it quotes another program's trace (a
 * Node error about a JVM, a Selenium error about a page), the frames at the end are those of the error itself.
 */
function findParserOfEnd(lines: readonly string[]): Parser['parse'] | null {
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (!line.trimStart().startsWith('at ')) continue;
    const parser = [parseDotnet, parseJava, parseV8].find((parse) => parse([line])?.thrownAt);
    if (parser) return parser;
  }
  const last = lines.filter((line) => line !== '' && !line.includes('[native code]')).at(-1) ?? '';
  return last.includes('@') && parseGecko([last])?.thrownAt ? parseGecko : null;
}
