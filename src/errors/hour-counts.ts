import type { SqlConnection } from '../database/sql-connection';
import { endHourOf, type Intervals } from './count-intervals';

interface Counted<Owner> {
  owner: Owner;
  /** index of the interval */
  place: number;
  n: number;
}

/** Reads what was counted by the hour: one number for each interval, 0 where nothing was reported. */
export class HourCounts {
  constructor(private readonly connection: SqlConnection) {}

  /** Null when there is no such error. */
  async findOfError(id: number, intervals: Intervals): Promise<number[] | null> {
    const error = await this.connection.get('SELECT 1 FROM errors WHERE id = ?', [id]);
    if (!error) return null;
    return (await this.ofErrors([id], intervals)).get(id) ?? null;
  }

  /** Those of each error. */
  async ofErrors(ids: readonly number[], intervals: Intervals): Promise<Map<number, number[]>> {
    const isAmong = this.connection.dialect.isAmong('error_id', 'number');
    const counted = await this.connection.all<Counted<number>>(
      sumByInterval('error_hours', 'error_id', isAmong),
      toParameters(ids, intervals),
    );
    return toCounts(ids, counted, intervals);
  }

  /** Those of each project. */
  async ofProjects(projects: readonly string[], intervals: Intervals): Promise<Map<string, number[]>> {
    const isAmong = this.connection.dialect.isAmong('project', 'text');
    const counted = await this.connection.all<Counted<string>>(
      sumByInterval('project_hours', 'project', isAmong),
      toParameters(projects, intervals),
    );
    return toCounts(projects, counted, intervals);
  }
}

function sumByInterval(table: string, owner: string, isAmong: string): string {
  // Numbers may arrive as floating point, which divides without rounding.
  const place = 'CAST(floor((hour - ?) / ?) AS INTEGER)';
  return `SELECT ${owner} AS owner, ${place} AS place, sum(n) AS n FROM ${table}
    WHERE ${isAmong} AND hour >= ? AND hour < ? GROUP BY 1, 2`;
}

function toParameters<Owner extends readonly string[] | readonly number[]>(
  owners: Owner,
  intervals: Intervals,
): [number, number, Owner, number, number] {
  const { firstHour, hoursEach } = intervals;
  return [firstHour, hoursEach, owners, firstHour, endHourOf(intervals)];
}

function toCounts<Owner>(
  owners: readonly Owner[],
  counted: readonly Counted<Owner>[],
  { length }: Intervals,
): Map<Owner, number[]> {
  const counts = new Map(owners.map((owner) => [owner, new Array<number>(length).fill(0)]));
  for (const { owner, place, n } of counted) (counts.get(owner) as number[])[place] = n;
  return counts;
}
