import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';
import { endHourOf, type Intervals } from './count-intervals';

interface Counted {
  /** index of the interval */
  place: number;
  n: number;
}

type OfOwner<Owner> = Statement<
  [firstHour: number, hoursEach: number, Owner, from: number, to: number],
  Counted
>;

/** Reads what `HourCounter` has counted: one number for each interval, 0 where nothing was reported. */
export class HourCounts {
  private readonly sumOfError: OfOwner<number>;
  private readonly sumOfProject: OfOwner<string>;
  private readonly findError: Statement<[number]>;

  constructor(connection: SqliteConnection) {
    this.sumOfError = connection.prepare(sumByInterval('error_hours', 'error_id'));
    this.sumOfProject = connection.prepare(sumByInterval('project_hours', 'project'));
    this.findError = connection.prepare('SELECT 1 FROM errors WHERE id = ?');
  }

  /** Null when there is no such error. */
  findOfError(id: number, intervals: Intervals): number[] | null {
    return this.findError.get(id) ? this.ofError(id, intervals) : null;
  }

  /** @param id of an error that is there */
  ofError(id: number, intervals: Intervals): number[] {
    return read(this.sumOfError, id, intervals);
  }

  ofProject(project: string, intervals: Intervals): number[] {
    return read(this.sumOfProject, project, intervals);
  }
}

function sumByInterval(table: string, owner: string): string {
  // Numbers arrive as floating point, which divides without rounding.
  return `SELECT CAST((hour - ?) / ? AS INTEGER) AS place, sum(n) AS n FROM ${table}
    WHERE ${owner} = ? AND hour >= ? AND hour < ? GROUP BY place`;
}

function read<Owner>(statement: OfOwner<Owner>, owner: Owner, intervals: Intervals): number[] {
  const { firstHour, hoursEach, length } = intervals;
  const counts = new Array<number>(length).fill(0);
  const endHour = endHourOf(intervals);
  const counted = statement.all(firstHour, hoursEach, owner, firstHour, endHour);
  for (const { place, n } of counted) counts[place] = n;
  return counts;
}
