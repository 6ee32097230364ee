import { parseStackTrace } from '../../stack-traces/parse-stack-trace';
import type { StackTrace } from '../../stack-traces/stack-trace';
import type { AlertedError, ErrorAlert } from '../alert';
import { cutTraceback } from './cut-traceback';
import { formatCount, formatCountOf, formatTime, linkToError, MailContext } from './mail-context';
import { ellipsize, shorten, toLine, toName, toText } from './outside-text';
import { LONGEST_PROJECT, LONGEST_TYPE } from './subject';

const LONGEST_MESSAGE = 2_000;
const LONGEST_URL = 2_000;
const LONGEST_METHOD = 10;
const LONGEST_FILE = 500;
const LONGEST_PREHEADER = 150;
const LONGEST_RELEASE = 250;

/** What the templates `error.*.hbs` show. */
interface ErrorDescription {
  id: number;
  link: string;
  buttonLabel: string;
  heading: string;
  /** what a list of mails shows behind the subject, so nothing that the subject says */
  preheader: string;
  exceptionType: string;
  /** `more` says how much is missing */
  message: { text: string; more: string | null } | null;
  facts: { label: string; value: string }[];
  /** `before` and `after` say how much is missing there */
  traceback: { text: string; before: string | null; after: string | null } | null;
  /** how the sentence on why the reader gets the mail goes on */
  reason: string;
}

/** Everything a mail says about one error, each text from outside made harmless and no longer than can be read. */
export function describeError({ kind, error }: ErrorAlert, context: MailContext): ErrorDescription {
  const project = toName(error.project, LONGEST_PROJECT);
  const trace = parseStackTrace(error.traceback);
  const place = findPlace(trace);
  const request = findRequest(error);
  return {
    id: error.id,
    link: linkToError(error.id, context),
    buttonLabel: `Open error #${error.id}`,
    heading: `${kind === 'created' ? 'New' : 'Reopened'} error in ${project}`,
    preheader: ellipsize(
      [place, request, `from a ${error.source}`].filter(Boolean).join(' · '),
      LONGEST_PREHEADER,
    ),
    exceptionType: toName(error.exceptionType, LONGEST_TYPE),
    message: describeMessage(error.message),
    facts: [
      { label: 'Project', value: project },
      ...(place ? [{ label: 'Place', value: place }] : []),
      { label: 'Reports', value: formatCount(error.count) },
      { label: 'First seen', value: formatTime(error.firstSeen) },
      { label: 'Last seen', value: formatTime(error.lastSeen) },
      { label: 'Source', value: error.source },
      ...describeRelease(error),
      ...(request ? [{ label: 'Request', value: request }] : []),
    ],
    traceback: describeTraceback(error.traceback, trace),
    reason: kind === 'created' ? 'this error is new' : 'this error came back after it had been resolved',
  };
}

/** What every native report has, or does not have, is not worth a line. */
function describeRelease({ level, environment, release }: AlertedError): ErrorDescription['facts'] {
  const facts = [
    { label: 'Level', value: level === 'error' ? '' : level },
    { label: 'Environment', value: toLine(environment ?? '', LONGEST_RELEASE) },
    { label: 'Release', value: toLine(release ?? '', LONGEST_RELEASE) },
  ];
  return facts.filter(({ value }) => value !== '');
}

function describeMessage(written: string): ErrorDescription['message'] {
  const message = toText(written).trim();
  if (message === '') return null;
  const { text, cut } = shorten(message, LONGEST_MESSAGE);
  return { text, more: cut > 0 ? formatCountOf(cut, 'more character') : null };
}

function describeTraceback(written: string, trace: StackTrace | null): ErrorDescription['traceback'] {
  const traceback = toText(written).replace(/^\n+/, '').trimEnd();
  if (traceback === '') return null;
  const { text, cutBefore, cutAfter } = cutTraceback(traceback, trace);
  return {
    text,
    before: cutBefore > 0 ? formatCountOf(cutBefore, 'byte') : null,
    after: cutAfter > 0 ? formatCountOf(cutAfter, 'byte') : null,
  };
}

/** File and line that group the error. Of a long path the end says more than the beginning. */
function findPlace(trace: StackTrace | null): string | null {
  if (!trace?.thrownAt) return null;
  const file = [...toName(trace.thrownAt.file, Infinity)];
  const shown = file.length > LONGEST_FILE ? `…${file.slice(-LONGEST_FILE).join('')}` : file.join('');
  return `${shown}:${trace.thrownAt.line}`;
}

function findRequest({ requestMethod, requestUrl }: AlertedError): string {
  const method = toLine(requestMethod ?? '', LONGEST_METHOD);
  return `${method} ${toLine(requestUrl ?? '', LONGEST_URL)}`.trim();
}
