import type { SqlConnection, SqlValue } from '../database/sql-connection';

/** Which values of a tag. */
export interface ValuePage {
  name: string;
  /** literal text that they begin with; all of them when it is empty */
  prefix: string;
  limit: number;
}

/** Some texts in the order of their characters. */
export interface Texts {
  texts: string[];
  /** there are more after these */
  more: boolean;
}

/**
 * The names of tags that errors have, and their values. Each is found by one step in the index from the one before,
 * however many errors have it.
 */
export class TagValues {
  constructor(private readonly connection: SqlConnection) {}

  listNames(limit: number): Promise<Texts> {
    return this.step('name', { sql: 'true', parameters: [] }, '', limit);
  }

  listValues({ name, prefix, limit }: ValuePage): Promise<Texts> {
    return this.step('value', { sql: 'name = ?', parameters: [name] }, prefix, limit);
  }

  private async step(
    column: 'name' | 'value',
    among: { sql: string; parameters: SqlValue[] },
    prefix: string,
    limit: number,
  ): Promise<Texts> {
    const next = (after: string) =>
      `(SELECT min(${column}) FROM error_tags ${this.connection.dialect.indexedBy('error_tags_by_value')}
        WHERE ${among.sql} AND ${column} ${after})`;
    const length = [...prefix].length;
    const found = await this.connection.all<{ text: string }>(
      `WITH RECURSIVE found (text, n) AS (
         SELECT ${next('>= ?')}, 1
         UNION ALL
         SELECT ${next('> found.text')}, n + 1 FROM found WHERE substr(text, 1, ?) = ? AND n <= ?
       ) SELECT text FROM found WHERE substr(text, 1, ?) = ? ORDER BY n`,
      [...among.parameters, prefix, ...among.parameters, length, prefix, limit, length, prefix],
    );
    const texts = found.map(({ text }) => text);
    return { texts: texts.slice(0, limit), more: texts.length > limit };
  }
}
