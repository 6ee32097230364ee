import { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds feedback whose event may still come. */
export class WaitingFeedback1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The index of feedback cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  `CREATE INDEX waiting_feedback ON feedback (received_at, id)
   WHERE error_id IS NULL AND event_id IS NOT NULL`,
];
