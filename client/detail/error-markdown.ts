import type { ErrorDetail, ErrorWithOccurrences, Occurrence } from '../api-answers.js';
import { formatCount, formatPlace, oneLine, shorten } from '../text.js';
import { readable } from '../readable-text.js';

const longestInline = 300;
const longestMessage = 4_000;
// GitHub takes issues of 65,536 characters.
const longestTraceback = 30_000;
const longestExtra = 10_000;
const directionMarks = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * An error as Markdown, for an issue or an assistant. What came from outside stands in code only, so that it can be
 * neither a link, an image, a mention nor markup. Request headers are left out: they may hold secrets.
 * @param address of the error in this dashboard
 */
export function errorMarkdown({ error, occurrences }: ErrorWithOccurrences, address: string): string {
  const last = occurrences[0];
  return [
    `# ${inlineCode(error.exception_type)} in ${inlineCode(error.project)}`,
    ...(error.message.trim() ? [block(shortenEnd(error.message, longestMessage))] : []),
    factsTable(error),
    '## Stack trace',
    block(shortenMiddle(error.traceback, longestTraceback)),
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
  ];
  return ['| | |', '| --- | --- |', ...facts.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function occurrenceParts(occurrence: Occurrence): string[] {
  const { request_method: method, request_url: url, user_id: user, extra } = occurrence;
  const request = [method, url].filter(Boolean).join(' ');
  const lines = [
    `- Time: ${occurrence.timestamp}`,
    ...(request ? [`- Request: ${inlineCode(request)}`] : []),
    ...(user ? [`- User: ${inlineCode(user)}`] : []),
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
