import type { Database, Statement } from 'better-sqlite3';
import { MOST_TAGS_OF_AN_ERROR, MOST_VALUES_OF_A_TAG, parseTags } from './error-tags';
import { KnownTags } from './known-tags';

/** Stores the values that reports of an error had, each once: exactly up to a number for each name, and for all. */
export class SqliteErrorTags {
  private readonly isStored: Statement<[number, string, string]>;
  private readonly countValues: Statement<[number, string], number>;
  private readonly countAll: Statement<[number], number>;
  private readonly insert: Statement<[number, string, string]>;
  private readonly known = new KnownTags();

  constructor(connection: Database) {
    this.isStored = connection.prepare(
      'SELECT 1 FROM error_tags WHERE error_id = ? AND name = ? AND value = ?',
    );
    this.countValues = connection
      .prepare<[number, string], number>('SELECT count(*) FROM error_tags WHERE error_id = ? AND name = ?')
      .pluck();
    this.countAll = connection
      .prepare<[number], number>(
        `SELECT count(*) FROM (SELECT 1 FROM error_tags WHERE error_id = ? LIMIT ${MOST_TAGS_OF_AN_ERROR})`,
      )
      .pluck();
    this.insert = connection.prepare(
      'INSERT INTO error_tags (error_id, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  /**
   * To be called within the transaction that stores the reports.
   * @param lists JSON of pairs, as in `ReportDetails`
   * @param isNew whether the error has just been made
   */
  store(errorId: number, lists: readonly string[], isNew: boolean): void {
    lists.forEach((list, index) => {
      if (this.isFull(errorId) || this.known.hasList(errorId, list)) return;
      if (isNew && index === 0) this.storeFirst(errorId, list);
      else this.storeMore(errorId, list);
      this.known.addList(errorId, list);
    });
  }

  /** To be called when the transaction was rolled back: nothing is known to be stored any more. */
  forget(): void {
    this.known.forget();
  }

  /** Without looking at what is there, which would be a fifth of what a new error takes. */
  private storeFirst(errorId: number, list: string): void {
    for (const [name, value] of parseTags(list)) this.insert.run(errorId, name, value);
  }

  private storeMore(errorId: number, list: string): void {
    for (const [name, value] of parseTags(list)) {
      if (this.hasAllOf(errorId, name) || this.isStored.get(errorId, name, value)) continue;
      this.storeIfRoom(errorId, name, value);
    }
  }

  private storeIfRoom(errorId: number, name: string, value: string): void {
    const count = this.countOf(errorId, name);
    const total = this.totalOf(errorId);
    const hasRoom = count < MOST_VALUES_OF_A_TAG && total < MOST_TAGS_OF_AN_ERROR;
    if (hasRoom) this.insert.run(errorId, name, value);
    this.known.setCount(errorId, name, hasRoom ? count + 1 : count);
    this.known.setTotal(errorId, hasRoom ? total + 1 : total);
  }

  // As far as it is known: what has no end costs no look into the database then.

  private isFull(errorId: number): boolean {
    return (this.known.totalOf(errorId) ?? 0) >= MOST_TAGS_OF_AN_ERROR;
  }

  private hasAllOf(errorId: number, name: string): boolean {
    return (this.known.countOf(errorId, name) ?? 0) >= MOST_VALUES_OF_A_TAG;
  }

  // Only whoever deletes an error takes a value from it, so what has been counted once is counted on.

  private countOf(errorId: number, name: string): number {
    return this.known.countOf(errorId, name) ?? (this.countValues.get(errorId, name) as number);
  }

  private totalOf(errorId: number): number {
    return this.known.totalOf(errorId) ?? (this.countAll.get(errorId) as number);
  }
}
