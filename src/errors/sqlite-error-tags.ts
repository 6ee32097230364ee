import type { Database, Statement } from 'better-sqlite3';
import { MOST_VALUES_OF_A_TAG, parseTags } from './error-tags';

/** Lists of tags that are known to be stored: a flood is the same few over and over. About 10 MB at most. */
const MOST_REMEMBERED = 20_000;

/** Stores the values that reports of an error had, each once, up to a number for each name. */
export class SqliteErrorTags {
  private readonly isStored: Statement<[number, string, string]>;
  private readonly insertIfFew: Statement<[number, string, string, number, string]>;
  private readonly insert: Statement<[number, string, string]>;
  /** by error, the lists that need not be looked at again */
  private readonly remembered = new Map<number, Set<string>>();
  private countRemembered = 0;

  constructor(connection: Database) {
    this.isStored = connection.prepare(
      'SELECT 1 FROM error_tags WHERE error_id = ? AND name = ? AND value = ?',
    );
    this.insertIfFew = connection.prepare(
      `INSERT INTO error_tags (error_id, name, value) SELECT ?, ?, ? WHERE (
         SELECT count(*) FROM (SELECT 1 FROM error_tags WHERE error_id = ? AND name = ? LIMIT ${MOST_VALUES_OF_A_TAG})
       ) < ${MOST_VALUES_OF_A_TAG}`,
    );
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
      if (this.remembered.get(errorId)?.has(list)) return;
      if (isNew && index === 0) this.storeFirst(errorId, list);
      else this.storeMore(errorId, list);
      this.rememberList(errorId, list);
    });
  }

  /** To be called when the transaction was rolled back: nothing is known to be stored any more. */
  forget(): void {
    this.remembered.clear();
    this.countRemembered = 0;
  }

  /** Without looking at what is there, which would be a fifth of what a new error takes. */
  private storeFirst(errorId: number, list: string): void {
    for (const [name, value] of parseTags(list)) this.insert.run(errorId, name, value);
  }

  private storeMore(errorId: number, list: string): void {
    for (const [name, value] of parseTags(list)) {
      if (!this.isStored.get(errorId, name, value)) this.insertIfFew.run(errorId, name, value, errorId, name);
    }
  }

  private rememberList(errorId: number, list: string): void {
    if (this.countRemembered >= MOST_REMEMBERED) this.forget();
    this.countRemembered += 1;
    const lists = this.remembered.get(errorId);
    if (lists) lists.add(list);
    else this.remembered.set(errorId, new Set([list]));
  }
}
