import Database from 'better-sqlite3';
import { PROJECTS } from './reports.mjs';

/** Reports were acknowledged and are not stored, or stored and never sent. */
export class LostReportsError extends Error {}

/** Compares what the generators were told is stored with what the file holds, read past the server. */
export class Ledger {
  #databasePath;
  #stored;

  constructor(databasePath) {
    this.#databasePath = databasePath;
    this.#stored = this.#countStored();
  }

  /**
   * Checks the reports of a run of load that is over: acknowledged ≤ stored ≤ acknowledged + unanswered.
   * @throws LostReportsError
   */
  check({ acknowledged, unanswered }) {
    const before = this.#stored;
    this.#stored = this.#countStored();
    const stored = this.#stored - before;
    if (stored < acknowledged || stored > acknowledged + unanswered) {
      throw new LostReportsError(
        `${acknowledged} reports were acknowledged, ${unanswered} unanswered, and ${stored} are stored`,
      );
    }
    return stored;
  }

  /** A connection for each look: one that stayed open would keep a killed or stopped server's log in use. */
  #countStored() {
    const database = new Database(this.#databasePath, { readonly: true });
    try {
      const projects = PROJECTS.map(() => '?').join(', ');
      const sum = database.prepare(
        `SELECT coalesce(sum(count), 0) FROM errors WHERE project IN (${projects})`,
      );
      return sum.pluck().get(...PROJECTS);
    } finally {
      database.close();
    }
  }
}
