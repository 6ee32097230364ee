import { MigrationInterface, QueryRunner } from 'typeorm';

/** What reports that came as events bring: their ids, where and how they happened, and tags to find errors by. */
export class Events1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The columns of events cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  // Of the first report; NULL when it came by the native API.
  'ALTER TABLE errors ADD COLUMN level VARCHAR(10)',
  'ALTER TABLE errors ADD COLUMN platform VARCHAR(50)',

  'ALTER TABLE error_occurrences ADD COLUMN event_id VARCHAR(32)',
  'ALTER TABLE error_occurrences ADD COLUMN environment VARCHAR(250)',
  'ALTER TABLE error_occurrences ADD COLUMN release VARCHAR(250)',
  'ALTER TABLE error_occurrences ADD COLUMN level VARCHAR(10)',
  'ALTER TABLE error_occurrences ADD COLUMN platform VARCHAR(50)',
  'ALTER TABLE error_occurrences ADD COLUMN handled BOOLEAN',
  // JSON of what is only shown.
  'ALTER TABLE error_occurrences ADD COLUMN context TEXT',

  // What tells a report that is sent again. Ids are looked up by people, too, and forgotten in the order in which they came.
  `CREATE TABLE event_ids (
    id INTEGER PRIMARY KEY,
    event_id VARCHAR(32) NOT NULL,
    project VARCHAR(100) NOT NULL,
    fingerprint VARCHAR(32) NOT NULL,
    received_at DATETIME NOT NULL,
    UNIQUE (event_id, project)
  )`,

  // Every value that reports of an error had, once: a value that is known costs no write.
  `CREATE TABLE error_tags (
    error_id INTEGER NOT NULL REFERENCES errors (id) ON DELETE CASCADE,
    name VARCHAR(200) NOT NULL,
    value VARCHAR(250) NOT NULL,
    PRIMARY KEY (error_id, name, value)
  ) WITHOUT ROWID`,
  'CREATE INDEX error_tags_by_value ON error_tags (name, value, error_id)',
];
