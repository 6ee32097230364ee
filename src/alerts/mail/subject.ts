import type { ErrorAlert, SummarizedProject, SummaryAlert } from '../alert';
import { formatCount, formatCountOf } from './mail-context';
import { ellipsize, toLine, toName } from './outside-text';

export const LONGEST_PROJECT = 100;
export const LONGEST_TYPE = 200;
const LONGEST_MESSAGE = 80;

/** Some mail servers refuse longer header lines, and no list shows more. The number at the end is always there. */
const LONGEST_BEFORE_ID = 225;

/** @example '[shop] Reopened: KeyError: \'shipping_address\' (#17)' */
export function subjectOfError({ kind, error }: ErrorAlert): string {
  const project = toName(error.project, LONGEST_PROJECT);
  const title = titleOf(error.exceptionType, error.message);
  const subject = `[${project}] ${kind === 'reopened' ? 'Reopened: ' : ''}${title}`;
  return toHeader(`${ellipsize(subject, LONGEST_BEFORE_ID)} (#${error.id})`);
}

/** @example '[error-tracker] 37 more new and 2 reopened errors in shop and 2 other projects' */
export function subjectOfSummary(alert: SummaryAlert): string {
  return toHeader(`[error-tracker] ${headlineOfSummary(alert)}`);
}

export function headlineOfSummary({ projects }: SummaryAlert): string {
  return `${countErrors(projects)} in ${nameProjects(projects)}`;
}

/** Type and beginning of the message in one line. */
export function titleOf(exceptionType: string, message: string): string {
  const beginning = toLine(message, LONGEST_MESSAGE);
  return `${toName(exceptionType, LONGEST_TYPE)}${beginning && ': '}${beginning}`;
}

function countErrors(projects: readonly SummarizedProject[]): string {
  const created = projects.reduce((sum, project) => sum + project.created, 0);
  const reopened = projects.reduce((sum, project) => sum + project.reopened, 0);
  if (reopened === 0) return formatCountOf(created, 'more new error');
  if (created === 0) return formatCountOf(reopened, 'more reopened error');
  return `${formatCount(created)} more new and ${formatCountOf(reopened, 'reopened error')}`;
}

function nameProjects(projects: readonly SummarizedProject[]): string {
  const first = toName(projects[0]?.project ?? '', LONGEST_PROJECT);
  const others = projects.length - 1;
  return others < 1 ? first : `${first} and ${formatCountOf(others, 'other project')}`;
}

/** A message may look like an encoded word (`=?utf-8?B?aGk=?=`), which mail programs would decode when they show it. */
function toHeader(subject: string): string {
  return subject.replaceAll('=?', '= ?');
}
