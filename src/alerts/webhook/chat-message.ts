import type { Alert, AlertedError, SummaryAlert } from '../alert';
import { toOneLine } from './short-text';
import { dashboardUrl, findPlace } from './webhook-body';

/** An alert as people read it in a chat. All texts but `link` come from reports: each format escapes them its way. */
export interface ChatMessage {
  /** one line */
  title: string;
  /** in one line each, never empty */
  facts: { name: string; value: string }[];
  /** lines that are shown literally, never empty */
  text: string;
  link: { title: string; url: string };
}

/** Overrides of the writing direction: with them a text can show itself as another one. */
const DIRECTION_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** @param baseUrl of the dashboard, without a trailing slash */
export function toChatMessage(alert: Alert, baseUrl: string): ChatMessage {
  if (alert.kind === 'summary') return summaryMessage(alert, baseUrl);
  if (alert.kind === 'test') return testMessage(baseUrl);
  return errorMessage(alert.kind, alert.error, baseUrl);
}

function errorMessage(kind: 'created' | 'reopened', error: AlertedError, baseUrl: string): ChatMessage {
  const event = kind === 'created' ? 'New error' : 'Reopened';
  return {
    title: visibleLine(`${event} in ${error.project}: ${error.exceptionType}`),
    facts: [
      { name: 'Project', value: visibleLine(error.project) },
      { name: 'Type', value: visibleLine(error.exceptionType) },
      { name: 'Place', value: visibleLine(findPlace(error.traceback) ?? 'unknown') },
      { name: 'Reports', value: String(error.count) },
    ],
    text: visible(error.message) || '(no message)',
    link: { title: `Open error ${error.id}`, url: dashboardUrl(baseUrl, error.id) },
  };
}

function summaryMessage({ projects, hourlyCap, since }: SummaryAlert, baseUrl: string): ChatMessage {
  const created = projects.reduce((sum, project) => sum + project.created, 0);
  const reopened = projects.reduce((sum, project) => sum + project.reopened, 0);
  return {
    title: `${created} more new, ${reopened} more reopened errors`,
    facts: [
      { name: 'Since', value: since.toISOString() },
      { name: 'Alerts an hour', value: `at most ${hourlyCap}` },
    ],
    text: projects.map(summarize).join('\n') || '(no errors)',
    link: { title: 'Open the dashboard', url: baseUrl },
  };
}

function summarize({ project, created, reopened, newest }: SummaryAlert['projects'][number]): string {
  const lines = newest.map(
    ({ id, exceptionType, message }) => `  #${id} ${visibleLine(`${exceptionType}: ${message}`)}`,
  );
  return [`${visibleLine(project)}: ${created} new, ${reopened} reopened`, ...lines].join('\n');
}

function testMessage(baseUrl: string): ChatMessage {
  return {
    title: 'Test alert',
    facts: [],
    text: `This is a test alert of the error tracker at ${baseUrl}. Alerts arrive here: nothing else is to be done.`,
    link: { title: 'Open the dashboard', url: baseUrl },
  };
}

function visibleLine(text: string): string {
  return toOneLine(text) || '?';
}

/** Without what services refuse or what misleads readers; line breaks and tabs stay, and so do joined emoji. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(DIRECTION_CONTROLS, '')
    .trim();
}
