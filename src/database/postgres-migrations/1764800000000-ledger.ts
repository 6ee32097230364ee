import { MigrationInterface, QueryRunner } from 'typeorm';

/** What was refused, cut, left out or lost lately, for which reason. */
export class Ledger1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The ledger cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  // project_id is 0 for what belongs to none; detail and client are empty when there is none. Of what came without a
  // key there is one row for each project and reason: told_apart_by is empty, and detail and client are the last ones.
  `CREATE TABLE ingest_ledger (
    project_id BIGINT NOT NULL,
    reason VARCHAR(20) COLLATE "C" NOT NULL,
    told_apart_by TEXT COLLATE "C" NOT NULL,
    detail VARCHAR(200) COLLATE "C" NOT NULL,
    client VARCHAR(100) COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    first_at TIMESTAMP(3) NOT NULL,
    last_at TIMESTAMP(3) NOT NULL,
    PRIMARY KEY (project_id, reason, told_apart_by)
  )`,
  'CREATE INDEX ingest_ledger_by_time ON ingest_ledger (last_at)',
];
