import type { SummarizedProject, SummaryAlert } from '../alert';
import { formatCount, formatCountOf, formatTime, linkToError, MailContext } from './mail-context';
import { toName } from './outside-text';
import { headlineOfSummary, LONGEST_PROJECT, titleOf } from './subject';

/** Anyone who may report may invent projects. */
const MOST_PROJECTS = 50;

/** What the templates `summary.*.hbs` show. */
interface SummaryDescription {
  heading: string;
  preheader: string;
  since: string;
  projects: ProjectDescription[];
  /** `3 more projects: 12 new`, for those that are not listed */
  rest: string | null;
}

interface ProjectDescription {
  project: string;
  /** `12 new, 1 reopened` */
  counts: string;
  newest: { id: number; title: string; link: string }[];
  /** how many errors are not listed */
  more: string | null;
}

/** Everything the mail on held back errors says, each text from outside made harmless. */
export function describeSummary(alert: SummaryAlert, context: MailContext): SummaryDescription {
  const listed = alert.projects.slice(0, MOST_PROJECTS);
  const since = formatTime(alert.since);
  return {
    heading: headlineOfSummary(alert),
    preheader: `${countByKind(alert.projects)} since ${since}`,
    since,
    projects: listed.map((project) => describeProject(project, context)),
    rest: describeRest(alert.projects.slice(MOST_PROJECTS)),
  };
}

function describeProject(project: SummarizedProject, context: MailContext): ProjectDescription {
  const more = project.created + project.reopened - project.newest.length;
  return {
    project: toName(project.project, LONGEST_PROJECT),
    counts: countByKind([project]),
    newest: project.newest.map(({ id, exceptionType, message }) => ({
      id,
      title: titleOf(exceptionType, message),
      link: linkToError(id, context),
    })),
    more: more > 0 ? formatCount(more) : null,
  };
}

function describeRest(projects: readonly SummarizedProject[]): string | null {
  if (projects.length === 0) return null;
  return `${formatCountOf(projects.length, 'more project')}: ${countByKind(projects)}`;
}

function countByKind(projects: readonly SummarizedProject[]): string {
  const created = projects.reduce((sum, project) => sum + project.created, 0);
  const reopened = projects.reduce((sum, project) => sum + project.reopened, 0);
  return [created > 0 && `${formatCount(created)} new`, reopened > 0 && `${formatCount(reopened)} reopened`]
    .filter(Boolean)
    .join(', ');
}
