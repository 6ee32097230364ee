import type { SqlConnection } from '../database/sql-connection';
import type { TagValuesAnswer } from './tag-values.answer';

const MOST_NAMES = 30;
const MOST_VALUES = 20;

/** What people look for first. */
const FIRST_NAMES = ['environment', 'release', 'level', 'user'];

/**
 * Goes from name to name by the primary key: of names that a client made up there may be thousands.
 * @param gather makes JSON of rows
 */
const sqlOf = (gather: 'json_group_array' | 'json_agg') => `WITH RECURSIVE
  others (name, place) AS (
    SELECT (SELECT name FROM error_tags WHERE error_id = ? ORDER BY name LIMIT 1), 1
    UNION ALL
    SELECT (
      SELECT name FROM error_tags WHERE error_id = ? AND error_tags.name > others.name ORDER BY name LIMIT 1
    ), place + 1
    FROM others WHERE name IS NOT NULL AND place < ${MOST_NAMES + FIRST_NAMES.length}
  ),
  names (name) AS (
    SELECT name FROM others WHERE name IS NOT NULL
    ${FIRST_NAMES.map((name) => `UNION SELECT '${name}'`).join(' ')}
  )
  SELECT name, (
    SELECT CAST(${gather}(value) AS TEXT) FROM (
      SELECT value FROM error_tags WHERE error_id = ? AND error_tags.name = names.name
      ORDER BY value LIMIT ${MOST_VALUES + 1}
    ) AS first
  ) AS list
  FROM names ORDER BY name`;

/** Reads the values that tags of an error's reports had. */
export class ErrorTagValues {
  private readonly sql: string;

  constructor(private readonly connection: SqlConnection) {
    this.sql = sqlOf(connection.dialect.kind === 'sqlite' ? 'json_group_array' : 'json_agg');
  }

  /** Environment, release, level and user first, the others by name; both names and values only up to a number. */
  async find(errorId: number): Promise<TagValuesAnswer[]> {
    const rows = await this.connection.all<{ name: string; list: string | null }>(this.sql, [
      errorId,
      errorId,
      errorId,
    ]);
    return rows
      .map(({ name, list }) => ({ name, values: JSON.parse(list ?? '[]') as string[] }))
      .filter(({ values }) => values.length > 0)
      .sort((one, other) => rank(one.name) - rank(other.name))
      .slice(0, MOST_NAMES)
      .map(({ name, values }) => ({
        name,
        values: values.slice(0, MOST_VALUES),
        more: values.length > MOST_VALUES,
      }));
  }
}

function rank(name: string): number {
  const place = FIRST_NAMES.indexOf(name);
  return place < 0 ? FIRST_NAMES.length : place;
}
