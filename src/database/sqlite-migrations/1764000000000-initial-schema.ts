import { MigrationInterface, QueryRunner } from 'typeorm';
import { adoptOriginalRows, setOriginalTablesAside } from './adopt-original';

/** The schema of the first version; a database of the original system is taken over with its rows. */
export class InitialSchema1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const adopting = await runner.hasTable('errors');
    if (adopting) await setOriginalTablesAside(runner);
    for (const statement of SCHEMA) await runner.query(statement);
    if (adopting) await adoptOriginalRows(runner);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The first schema cannot be undone: restore a backup instead.'));
  }
}

const SCHEMA = [
  `CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(100) NOT NULL UNIQUE
  )`,

  // AUTOINCREMENT: a link in an old mail must never lead to another error that got a freed id.
  `CREATE TABLE errors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint VARCHAR(32) NOT NULL UNIQUE,
    project VARCHAR(100) NOT NULL,
    exception_type VARCHAR(200) NOT NULL,
    message TEXT NOT NULL,
    traceback TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_seen DATETIME NOT NULL,
    last_seen DATETIME NOT NULL,
    resolved BOOLEAN NOT NULL DEFAULT 0,
    resolved_at DATETIME,
    source VARCHAR(10) NOT NULL
  )`,
  // The list, newest first: two indexes hold every error in that order with all that a filter needs. More of them
  // would slow reports down, since each report of a known error moves its entries.
  'CREATE INDEX errors_by_last_seen ON errors (last_seen, id, resolved, source)',
  'CREATE INDEX errors_by_project ON errors (project, last_seen, id, resolved, source)',
  // Reports of open errors do not touch these two. Retention walks the first.
  'CREATE INDEX resolved_errors_by_last_seen ON errors (last_seen, id, source) WHERE resolved = 1',
  'CREATE INDEX resolved_errors_by_project ON errors (project, last_seen, id, source) WHERE resolved = 1',
  // Finds the few that fit among a million. Without a time it stays as it is unless the state changes. Were resolved
  // its first column, the planner would take it for retention's walk, and sort.
  'CREATE INDEX errors_by_state ON errors (source, resolved, project)',

  // How many errors there are of each kind: counting a million takes longer than showing a page of them.
  `CREATE TABLE error_counts (
    project VARCHAR(100) NOT NULL,
    resolved BOOLEAN NOT NULL,
    source VARCHAR(10) NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (project, resolved, source)
  ) WITHOUT ROWID`,
  `CREATE TRIGGER count_new_error AFTER INSERT ON errors BEGIN
    INSERT INTO error_counts VALUES (NEW.project, NEW.resolved, NEW.source, 1)
      ON CONFLICT DO UPDATE SET n = n + 1;
  END`,
  `CREATE TRIGGER count_changed_error AFTER UPDATE OF project, resolved, source ON errors
  WHEN (OLD.project, OLD.resolved, OLD.source) IS NOT (NEW.project, NEW.resolved, NEW.source) BEGIN
    UPDATE error_counts SET n = n - 1
      WHERE project = OLD.project AND resolved = OLD.resolved AND source = OLD.source;
    INSERT INTO error_counts VALUES (NEW.project, NEW.resolved, NEW.source, 1)
      ON CONFLICT DO UPDATE SET n = n + 1;
  END`,
  `CREATE TRIGGER count_deleted_error AFTER DELETE ON errors BEGIN
    UPDATE error_counts SET n = n - 1
      WHERE project = OLD.project AND resolved = OLD.resolved AND source = OLD.source;
  END`,

  // slot is the place in the ring of the newest five: a sixth report takes the slot of the first.
  // NULL marks older occurrences that came along from a merged database and are outside the ring.
  `CREATE TABLE error_occurrences (
    id INTEGER PRIMARY KEY,
    error_id INTEGER NOT NULL REFERENCES errors (id) ON DELETE CASCADE,
    slot INTEGER,
    timestamp DATETIME NOT NULL,
    message TEXT,
    traceback TEXT,
    request_url TEXT,
    request_method VARCHAR(10),
    request_headers TEXT,
    user_id VARCHAR(200),
    extra TEXT,
    UNIQUE (error_id, slot)
  )`,

  // Folded type and message, found by any three characters of them; rowid is errors.id.
  `CREATE VIRTUAL TABLE error_search USING fts5 (text, tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0)`,
];
