import { MigrationInterface, QueryRunner } from 'typeorm';

/** What users of the programs said about errors that they saw. */
export class Feedback1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The feedback cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  // own_id tells it when it is sent again; event_id is that of the event it is about, which need not be known here.
  `CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project VARCHAR(100) NOT NULL,
    own_id VARCHAR(32) NOT NULL,
    event_id VARCHAR(32),
    error_id INTEGER REFERENCES errors (id) ON DELETE CASCADE,
    name VARCHAR(200),
    email VARCHAR(200),
    message TEXT NOT NULL,
    url TEXT,
    received_at DATETIME NOT NULL,
    UNIQUE (own_id, project)
  )`,
  'CREATE INDEX feedback_by_error ON feedback (error_id, id) WHERE error_id IS NOT NULL',
  'CREATE INDEX feedback_by_project ON feedback (project, id)',
  'CREATE INDEX unattached_feedback ON feedback (project, id) WHERE error_id IS NULL',
];
