import type { ErrorDetail, ErrorWithOccurrences, Exception, Occurrence } from '../api-answers.js';
import { formatCount, formatPlace, oneLine, shorten } from '../text.js';
import { readable } from '../readable-text.js';
import { arrangeExceptions, mainFrame } from './exception-chain.js';
import { stackOfError } from './stack.js';

const longestInline = 300;
const longestMessage = 4_000;
// GitHub takes issues of 65,536 characters.
const longestTraceback = 30_000;
const longestExtra = 10_000;
const mostExceptions = 20;
const directionMarks = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * An error as Markdown, for an issue or an assistant. What came from outside stands in code only, so that it can be
 * neither a link, an image, a mention nor markup. Request headers are left out: they may hold secrets.
 * @param address of the error in this dashboard
 */
export function errorMarkdown(answer: ErrorWithOccurrences, address: string): string {
  const { error, occurrences } = answer;
  const { traceback, exceptions } = stackOfError(answer);
  const last = occurrences[0];
  return [
    `# ${inlineCode(error.exception_type)} in ${inlineCode(error.project)}`,
    ...(error.message.trim() ? [block(shortenEnd(error.message, longestMessage))] : []),
    factsTable(error),
    ...(exceptions ? ['## Exceptions', block(exceptionsText(exceptions))] : []),
    '## Stack trace',
    block(shortenMiddle(traceback, longestTraceback)),
    ...(last ? occurrenceParts(last) : []),
    `<${address}>\n`,
  ].join('\n\n');
}

function factsTable(error: ErrorDetail): string {
  const place = error.file ? formatPlace(error.file, error.line) : null;
  const resolvedAt = error.resolved_at ? `, ${error.resolved_at}` : '';
  const facts: [string, string][] = [
    ['State', error.resolved ? `resolved${resolvedAt}` : 'open'],
    ['Reports', formatCount(error.count)],
    ['First seen', error.first_seen],
    ['Last seen', error.last_seen],
    ...(place ? [['Place', inlineCode(place)] satisfies [string, string]] : []),
    ['Source', error.source],
    ...(error.level === 'error' ? [] : [['Level', error.level] satisfies [string, string]]),
  ];
  return ['| | |', '| --- | --- |', ...facts.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** Each exception with the line of source that it was thrown at. */
function exceptionsText(exceptions: readonly Exception[]): string {
  const links = arrangeExceptions(exceptions);
  const lines = links.slice(0, mostExceptions).flatMap(({ exception, relation, depth }) => {
    const { type, value } = exception;
    const frame = mainFrame(exception);
    const place = frame ? formatPlace(frame.path ?? frame.file ?? frame.module ?? null, frame.line) : null;
    const indent = '  '.repeat(depth);
    return [
      line(indent, [relation, type, value], ': '),
      line(`${indent}  in `, [frame?.function, place], ', '),
      line(`${indent}    `, [frame?.source], ''),
    ].filter(Boolean);
  });
  const rest = links.length - mostExceptions;
  return [...lines, ...(rest > 0 ? [`and ${formatCount(rest)} more`] : [])].join('\n');
}

/** Empty when there is nothing to stand in it. */
function line(beginning: string, parts: readonly (string | null | undefined)[], glue: string): string {
  const text = oneLine(parts.filter(Boolean).join(glue), longestInline);
  return text && beginning + text;
}

function occurrenceParts(occurrence: Occurrence): string[] {
  const { request_method: method, request_url: url, user_id: user, environment, release, extra } = occurrence;
  const request = [method, url].filter(Boolean).join(' ');
  const lines = [
    `- Time: ${occurrence.timestamp}`,
    ...(request ? [`- Request: ${inlineCode(request)}`] : []),
    ...(user ? [`- User: ${inlineCode(user)}`] : []),
    ...(environment ? [`- Environment: ${inlineCode(environment)}`] : []),
    ...(release ? [`- Release: ${inlineCode(release)}`] : []),
  ];
  const json = extra === null ? null : JSON.stringify(extra, null, 2);
  return [
    '## Last occurrence',
    lines.join('\n'),
    ...(json === null ? [] : ['Extra:', block(shortenEnd(json, longestExtra), 'json')]),
  ];
}

/** Code within a line, also of a table: no text can end it. */
function inlineCode(text: string): string {
  const shown = oneLine(readable(text).replace(directionMarks, '\ufffd'), longestInline);
  // How a | is escaped in the code of a table differs between readers, so it stands between two pieces of code.
  return shown.split('|').map(codeSpan).join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') return '';
  const fence = '`'.repeat(longestRun(text) + 1);
  const isPadded = /^[` ]|[` ]$/.test(text);
  return isPadded ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

function block(text: string, language = 'text'): string {
  const shown = readable(text);
  const fence = '`'.repeat(Math.max(longestRun(shown) + 1, 3));
  return `${fence}${language}\n${shown.replace(/\n+$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

function shortenEnd(text: string, most: number): string {
  return text.length <= most ? text : `${shorten(text, most)}\n${leftOut(text.length - most)}`;
}

/** Where the error was thrown stands at the beginning or at the end, as the language has it. */
function shortenMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = most / 2;
  const end = text.slice(-half).replace(/^[\udc00-\udfff]/, '');
  return `${shorten(text, half)}\n${leftOut(text.length - most)}\n${end}`;
}

function leftOut(length: number): string {
  return `… ${formatCount(length)} characters left out …`;
}
