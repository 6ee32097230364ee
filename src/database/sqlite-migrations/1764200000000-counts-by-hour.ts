import { MigrationInterface, QueryRunner } from 'typeorm';

/** How often errors were reported in each hour, and where each was thrown. */
export class CountsByHour1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of SCHEMA) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The counts by hour cannot be undone: restore a backup instead.'));
  }
}

const SCHEMA = [
  // hour is whole hours since 1970, UTC. Rows of an error lie together, so that its last days are one short read.
  `CREATE TABLE error_hours (
    error_id INTEGER NOT NULL REFERENCES errors (id) ON DELETE CASCADE,
    hour INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (error_id, hour)
  ) WITHOUT ROWID`,
  // Those of all errors of a project, the deleted ones included: adding up a million takes too long.
  `CREATE TABLE project_hours (
    project VARCHAR(100) NOT NULL,
    hour INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (project, hour)
  ) WITHOUT ROWID`,
  // Retention's way in. Counting on leaves it as it is.
  'CREATE INDEX project_hours_by_hour ON project_hours (hour)',
  // Where it was thrown. file is '' when the traceback names no place and NULL when nobody has looked: errors stored
  // before these columns were there.
  'ALTER TABLE errors ADD COLUMN file TEXT',
  'ALTER TABLE errors ADD COLUMN line INTEGER',
];
