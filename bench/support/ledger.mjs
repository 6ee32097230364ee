import { PROJECTS } from './reports.mjs';
import { readStored } from './read-stored.mjs';

/** Reports were acknowledged and are not stored, or stored and never sent. */
export class LostReportsError extends Error {}

const SUM = `SELECT coalesce(sum(count), 0) AS stored FROM errors
  WHERE project IN (${PROJECTS.map((project) => `'${project}'`).join(', ')})`;

/** Compares what the generators were told is stored with what the database holds, read past the server. */
export class Ledger {
  #server;
  #stored;

  constructor(server, stored) {
    this.#server = server;
    this.#stored = stored;
  }

  /** @param server one of those that share the database, or just where that is */
  static async open(server) {
    return new Ledger(server, await countStored(server));
  }

  /**
   * Checks the reports of a run of load that is over: acknowledged ≤ stored ≤ acknowledged + unanswered.
   * @returns how many were stored
   * @throws LostReportsError
   */
  async check({ acknowledged, unanswered }) {
    const before = this.#stored;
    this.#stored = await countStored(this.#server);
    const stored = this.#stored - before;
    if (stored < acknowledged || stored > acknowledged + unanswered) {
      throw new LostReportsError(
        `${acknowledged} reports were acknowledged, ${unanswered} unanswered, and ${stored} are stored`,
      );
    }
    return stored;
  }
}

async function countStored(server) {
  const [{ stored }] = await readStored(server, SUM);
  return stored;
}
