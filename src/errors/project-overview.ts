import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';
import { endHourOf, type Intervals, type RecentCounts, recentIntervals, toRange } from './count-intervals';
import { HourCounts } from './hour-counts';
import { type StoredRow, toRow } from './list-errors';
import type { ProjectOverviewAnswer, ProjectSummary } from './project-overview.answers';

/** Which part of the overview, by what range. */
export interface OverviewPage {
  counts: RecentCounts;
  limit: number;
  offset: number;
}

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
  private readonly findNewest: Statement<[string], StoredRow>;
  private readonly findMostFrequent: Statement<[string], StoredRow>;
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
    this.findNewest = connection.prepare(firstOpenBy('first_seen'));
    this.findMostFrequent = connection.prepare(firstOpenBy('count'));
    this.readInOneState = connection.transaction((page: OverviewPage, now: Date) => this.toAnswer(page, now));
  }

  /** One page of the projects, those with most reports first. */
  read(page: OverviewPage, now: Date): ProjectOverviewAnswer {
    return this.readInOneState(page, now);
  }

  private toAnswer({ counts, limit, offset }: OverviewPage, now: Date): ProjectOverviewAnswer {
    const intervals = recentIntervals(counts, now);
    const page = this.listTotals.all(intervals.firstHour, endHourOf(intervals), limit, offset);
    return {
      counts,
      ...toRange(intervals),
      projects: page.map((totals) => this.summarize(totals, intervals)),
      total: this.countProjects.get()?.n ?? 0,
      limit,
      offset,
    };
  }

  private summarize(totals: Totals, intervals: Intervals): ProjectSummary {
    const { project, open } = totals;
    const findOpen = (statement: Statement<[string], StoredRow>) => {
      const stored = open > 0 ? statement.get(project) : undefined;
      return stored ? toRow(stored) : null;
    };
    return {
      ...totals,
      counts: this.hourCounts.ofProject(project, intervals),
      newest: findOpen(this.findNewest),
      most_frequent: findOpen(this.findMostFrequent),
    };
  }
}

/** The open error of a project that comes first by a column. */
function firstOpenBy(column: 'first_seen' | 'count'): string {
  return `SELECT id, fingerprint, project, exception_type, substr(message, 1, 300) AS message, count, first_seen,
      last_seen, resolved, source
    FROM errors WHERE project = ? AND resolved = 0 ORDER BY ${column} DESC, id DESC LIMIT 1`;
}
