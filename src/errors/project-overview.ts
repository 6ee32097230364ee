import type { SqlConnection } from '../database/sql-connection';
import { endHourOf, type Intervals, type RecentCounts, recentIntervals, toRange } from './count-intervals';
import { ErrorRows } from './error-rows';
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
  private readonly mostFrequent: MostFrequentErrors;
  private readonly rows: ErrorRows;

  constructor(private readonly connection: SqlConnection) {
    this.hourCounts = new HourCounts(connection);
    this.mostFrequent = new MostFrequentErrors(connection);
    this.rows = new ErrorRows(connection);
  }

  /** One page of the projects, those with most reports first. */
  read(page: OverviewPage, now: Date): Promise<ProjectOverviewAnswer> {
    return this.connection.transaction(() => this.readInOneState(page, now));
  }

  private async readInOneState(page: OverviewPage, now: Date): Promise<ProjectOverviewAnswer> {
    const { counts, limit, offset } = page;
    const intervals = recentIntervals(counts, now);
    const totals = await this.listTotals(intervals, page);
    const projectCounts = await this.hourCounts.ofProjects(
      totals.map(({ project }) => project),
      intervals,
    );
    const withOpen = totals.filter(({ open }) => open > 0).map(({ project }) => project);
    const mostFrequent = await this.mostFrequent.find(withOpen);
    const newest = await this.findNewest(withOpen);
    const rows = await this.rows.find([...newest.values(), ...mostFrequent.values()], LONGEST_MESSAGE);
    const rowOf = (id: number | undefined) => (id === undefined ? null : (rows.get(id) ?? null));
    return {
      counts,
      ...toRange(intervals),
      projects: totals.map((summary) => ({
        ...summary,
        counts: projectCounts.get(summary.project) ?? [],
        newest: rowOf(newest.get(summary.project)),
        most_frequent: rowOf(mostFrequent.get(summary.project)),
      })),
      total: await this.countProjects(),
      limit,
      offset,
    };
  }

  private listTotals(intervals: Intervals, { limit, offset }: OverviewPage): Promise<Totals[]> {
    const { isFalse, isTrue } = this.connection.dialect;
    return this.connection.all(
      `SELECT project,
         coalesce(sum(n) FILTER (WHERE ${isFalse('resolved')}), 0) AS open,
         coalesce(sum(n) FILTER (WHERE ${isTrue('resolved')}), 0) AS resolved,
         (SELECT coalesce(sum(n), 0) FROM project_hours
          WHERE project_hours.project = error_counts.project AND hour >= ? AND hour < ?) AS reports
       FROM error_counts GROUP BY project ORDER BY reports DESC, project LIMIT ? OFFSET ?`,
      [intervals.firstHour, endHourOf(intervals), limit, offset],
    );
  }

  /** The open error of each project that was reported first most recently. */
  private async findNewest(projects: readonly string[]): Promise<Map<string, number>> {
    const { indexedBy, isFalse } = this.connection.dialect;
    const newest = new Map<string, number>();
    const findIn = async (project: string) => {
      const error = await this.connection.get<{ id: number }>(
        `SELECT id FROM errors ${indexedBy('errors_by_project_first_seen')}
         WHERE project = ? AND ${isFalse('resolved')} ORDER BY first_seen DESC, id DESC LIMIT 1`,
        [project],
      );
      if (error) newest.set(project, error.id);
    };
    // Sent together: on a slow network, each way to the server and back counts.
    await Promise.all(projects.map(findIn));
    return newest;
  }

  /** Every project that ever had an error has rows here, if only with 0. */
  private async countProjects(): Promise<number> {
    const row = await this.connection.get<{ n: number }>(
      'SELECT count(DISTINCT project) AS n FROM error_counts',
    );
    return row?.n ?? 0;
  }
}
