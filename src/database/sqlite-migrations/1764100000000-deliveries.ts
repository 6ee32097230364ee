import { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of every alert, and the new and reopened errors that are still to be told. */
export class Deliveries1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of SCHEMA) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The deliveries cannot be undone: restore a backup instead.'));
  }
}

const SCHEMA = [
  // Written in the transaction of the reports and deleted in that of the deliveries: nothing is lost in between.
  `CREATE TABLE error_events (
    id INTEGER PRIMARY KEY,
    error_id INTEGER NOT NULL,
    kind VARCHAR(10) NOT NULL
  )`,

  // error_id and project are NULL for test alerts and summaries; summary_id names the summary that told of an alert that was held.
  `CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    error_id INTEGER REFERENCES errors (id) ON DELETE CASCADE,
    project VARCHAR(100),
    kind VARCHAR(10) NOT NULL,
    channel VARCHAR(10) NOT NULL,
    recipient TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL,
    due_at DATETIME,
    handed_over_at DATETIME,
    failed_at DATETIME,
    settled_at DATETIME,
    response TEXT,
    duration_ms INTEGER,
    bytes_received INTEGER,
    summary_id INTEGER
  )`,
  'CREATE INDEX deliveries_by_error ON deliveries (error_id, id) WHERE error_id IS NOT NULL',
  'CREATE INDEX deliveries_by_state ON deliveries (state, id)',
  "CREATE INDEX due_deliveries ON deliveries (channel, due_at, id) WHERE state = 'pending'",
  // How many a recipient got in the last hour.
  `CREATE INDEX counted_deliveries ON deliveries (channel, recipient, created_at)
   WHERE kind IN ('created', 'reopened') AND state IN ('pending', 'sent')`,
  // When a recipient was told of an error last.
  `CREATE INDEX told_deliveries ON deliveries (error_id, channel, recipient, created_at)
   WHERE kind IN ('created', 'reopened') AND state IN ('pending', 'sent')`,
  "CREATE INDEX summaries ON deliveries (channel, recipient, id) WHERE kind = 'summary'",
  "CREATE INDEX held_deliveries ON deliveries (channel, recipient, summary_id) WHERE state = 'held'",
  'CREATE INDEX deliveries_by_summary ON deliveries (summary_id, project, kind, error_id) WHERE summary_id IS NOT NULL',
  "CREATE INDEX sent_deliveries ON deliveries (settled_at) WHERE state = 'sent'",
  'CREATE INDEX failed_attempts ON deliveries (failed_at) WHERE failed_at IS NOT NULL',
];
