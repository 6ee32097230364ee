import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';
import { endHourOf, type RecentCounts, recentIntervals, toRange } from './count-intervals';
import { ErrorRows } from './error-rows';
import type { ErrorRow } from './errors.answers';
import { HourCounts } from './hour-counts';
import { MostFrequentErrors } from './most-frequent-errors';
import type { ProjectOverviewAnswer, ProjectSummary } from './project-overview.answers';

/** Which part of the overview, by what range. */
export interface OverviewPage {
  counts: RecentCounts;
  limit: number;
  offset: number;
}

const LONGEST_MESSAGE = 300;

type Totals = Pick<ProjectSummary, 'project' | 'open' | 'resolved' | 'reports'>;

/**
 * How the projects are doing. It runs in the reader thread: sorting by reports means adding up those of all projects.
 *
 * Only the projects of the page get their counts and errors. All statements of one answer see the same state of the
 * file.
 */
export class ProjectOverview {
  private readonly hourCounts: HourCounts;
  private readonly countProjects: Statement<[], { n: number }>;
  private readonly listTotals: Statement<[from: number, to: number, limit: number, offset: number], Totals>;
  private readonly findNewest: Statement<[project: string], { id: number }>;
  private readonly mostFrequent: MostFrequentErrors;
  private readonly rows: ErrorRows;
  private readonly readInOneState: (page: OverviewPage, now: Date) => ProjectOverviewAnswer;

  constructor(connection: SqliteConnection) {
    this.hourCounts = new HourCounts(connection);
    // Every project that ever had an error has rows here, if only with 0.
    this.countProjects = connection.prepare('SELECT count(DISTINCT project) AS n FROM error_counts');
    this.listTotals = connection.prepare(
      `SELECT project,
         sum(iif(resolved, 0, n)) AS open,
         sum(iif(resolved, n, 0)) AS resolved,
         (SELECT coalesce(sum(n), 0) FROM project_hours
          WHERE project_hours.project = error_counts.project AND hour >= ? AND hour < ?) AS reports
       FROM error_counts GROUP BY project ORDER BY reports DESC, project LIMIT ? OFFSET ?`,
    );
    this.findNewest = connection.prepare(
      `SELECT id FROM errors INDEXED BY errors_by_project_first_seen WHERE project = ? AND resolved = 0
       ORDER BY first_seen DESC, id DESC LIMIT 1`,
    );
    this.mostFrequent = new MostFrequentErrors(connection);
    this.rows = new ErrorRows(connection);
    this.readInOneState = connection.transaction((page: OverviewPage, now: Date) => this.toAnswer(page, now));
  }

  /** One page of the projects, those with most reports first. */
  read(page: OverviewPage, now: Date): ProjectOverviewAnswer {
    return this.readInOneState(page, now);
  }

  private toAnswer({ counts, limit, offset }: OverviewPage, now: Date): ProjectOverviewAnswer {
    const intervals = recentIntervals(counts, now);
    const page = this.listTotals.all(intervals.firstHour, endHourOf(intervals), limit, offset);
    const withOpen = page.filter(({ open }) => open > 0).map(({ project }) => project);
    const mostFrequent = this.mostFrequent.find(withOpen);
    return {
      counts,
      ...toRange(intervals),
      projects: page.map((totals) => ({
        ...totals,
        counts: this.hourCounts.ofProject(totals.project, intervals),
        newest: this.findRow(totals.open > 0 ? this.findNewest.get(totals.project)?.id : undefined),
        most_frequent: this.findRow(mostFrequent.get(totals.project)),
      })),
      total: this.countProjects.get()?.n ?? 0,
      limit,
      offset,
    };
  }

  private findRow(id: number | undefined): ErrorRow | null {
    return id === undefined ? null : this.rows.get(id, LONGEST_MESSAGE);
  }
}
