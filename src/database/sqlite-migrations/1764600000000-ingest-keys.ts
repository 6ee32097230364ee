import { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that may only report, each for one project, and from which pages that may be done. */
export class IngestKeys1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The ingest keys cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  // A list of origins as JSON.
  "ALTER TABLE projects ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '[]'",
  // FALSE for those that people made and that nothing has been reported for.
  'ALTER TABLE projects ADD COLUMN has_reported BOOLEAN NOT NULL DEFAULT 1',
  // A key that was revoked stays, so that it can never be given to another project. 0 is no limit.
  `CREATE TABLE ingest_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key VARCHAR(32) NOT NULL UNIQUE,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    rate_limit_per_minute INTEGER NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL,
    revoked_at DATETIME,
    last_used_at DATETIME
  )`,
  'CREATE INDEX ingest_keys_by_project ON ingest_keys (project_id, revoked_at, id)',
];
