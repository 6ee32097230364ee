import { digitsAt, parseColumn, parseLineNumber } from './place';
import {
  findFirstPlaced,
  frameWithoutPlace,
  toStackTrace,
  type StackFrame,
  type StackTrace,
} from './stack-trace';

const extension = /\.(?:exs?|erl|eex|heex|leex|xrl|yrl|hrl|livemd)$|^(?:iex|nofile)(?:#.*)?$/;
/** `(app 1.0.0) `, `** (CompileError) `, and `(ecto) ` of old versions. */
const lead = /^(?:\*\* )?\([^()]{1,200}\) /;
/** A frame of a function that is written in C has no place: `:erlang.binary_to_integer("x")`. */
const nativeFrame = /^(?:\([^()]{1,100}\) )?:[a-z]\w*\.\S/;

/** Parses an Elixir or Erlang trace. The place is that of the first frame that has one. */
export function parseElixir(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const text = line.trim();
    const frame = parseFrame(text.replace(lead, '')) ?? parseErlang(text);
    if (frame !== null) frames.push(frame);
    else if (nativeFrame.test(text)) frames.push(frameWithoutPlace(text.replace(lead, '')));
  }
  const thrownAt = findFirstPlaced(frames);
  return thrownAt === null ? null : toStackTrace('elixir', frames, thrownAt);
}

/** `lib/foo.ex:12: Foo.bar/1`, `lib/foo.ex:12:5: Foo.bar/1`. */
function parseFrame(text: string): StackFrame | null {
  const colon = text.indexOf(':', /^[A-Za-z]:[\\/]/.test(text) ? 2 : 0);
  const file = text.slice(0, Math.max(colon, 0));
  if (file.length > 1000 || !extension.test(file)) return null;
  const digits = digitsAt(text, colon + 1);
  const line = parseLineNumber(digits);
  let end = colon + 1 + digits.length;
  if (line === null || text[end] !== ':') return null;
  const columnDigits = digitsAt(text, end + 1);
  if (columnDigits !== '' && text[end + 1 + columnDigits.length] === ':') end += 1 + columnDigits.length;
  else if (columnDigits !== '') return null;
  const column = end === colon + 1 + digits.length ? null : parseColumn(columnDigits);
  return { function: text.slice(end + 1).trim() || null, file, line, column };
}

/** `in function  lists:nth/2 (lists.erl, line 170)`, `in call from shell:eval/3`, and terms of a crash report. */
function parseErlang(text: string): StackFrame | null {
  const mark = '{line,';
  const term = text.indexOf(mark);
  if (term >= 0) {
    const fileAt = text.lastIndexOf('{file,"', term);
    const file = fileAt < 0 ? '' : text.slice(fileAt + 7, text.indexOf('"', fileAt + 7));
    const line = parseLineNumber(digitsAt(text, term + mark.length));
    return extension.test(file) && line !== null ? { function: null, file, line, column: null } : null;
  }
  const open = text.lastIndexOf(' (');
  const comma = text.indexOf(', line ', open);
  if (open < 0 || comma < 0) return null;
  const file = text.slice(open + 2, comma);
  const line = parseLineNumber(digitsAt(text, comma + 7));
  if (!extension.test(file) || line === null) return null;
  const name = text.slice(0, open).replace(/^(?:in function|in call from)\s{1,20}/, '');
  return { function: name.trim(), file, line, column: null };
}
