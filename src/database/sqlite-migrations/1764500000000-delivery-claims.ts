import { MigrationInterface, QueryRunner } from 'typeorm';

/** Which deliveries are being sent: here one process sends all, but it goes by the same statements as several replicas. */
export class DeliveryClaims1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The claims cannot be undone: restore a backup instead.'));
  }
}

const STATEMENTS = [
  // claim names the attempt that is being made; claimed_until is NULL, since no other process could take it over.
  'ALTER TABLE deliveries ADD COLUMN claim VARCHAR(36)',
  'ALTER TABLE deliveries ADD COLUMN claimed_until DATETIME',
  // What the version before was handing over when it ended counts as claimed, too: it may have arrived.
  "UPDATE deliveries SET claim = 'before claims' WHERE state = 'pending' AND handed_over_at IS NOT NULL",
  'CREATE INDEX claimed_deliveries ON deliveries (channel, recipient) WHERE claim IS NOT NULL',
];
