import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { DueDelivery } from './delivery';

/** A replica that died or hangs has lost its claims after so long. */
const LEASE_SECONDS = 30;

interface DueRow extends Omit<DueDelivery, 'createdAt'> {
  createdAt: string;
}

/**
 * Which replica sends what: whoever has claimed a delivery is the only one to send it, and to write down what came of
 * it, until the claim runs out. Runs in the writer thread.
 *
 * A claim runs out by the clock of the database. On SQLite it lasts as long as the process (`claimed_until` is NULL),
 * and whatever is claimed when the next one starts is taken for run out.
 */
export class DeliveryClaimer {
  private readonly leaseEnd: string;
  private readonly holds: string;

  constructor(private readonly connection: SqlConnection) {
    const { clock, leaseEnd } = connection.dialect;
    this.leaseEnd = leaseEnd(LEASE_SECONDS);
    this.holds = `(claimed_until > ${clock}) IS NOT FALSE`;
  }

  /**
   * Claims a delivery that is due; to be called within a transaction, by one replica at a time.
   * @param claim a name that no other claim has
   * @returns null when it is not to be sent any more, or its recipient is being told something
   */
  async claim(id: number, claim: string): Promise<DueDelivery | null> {
    const { clock, indexedBy, skipLocked } = this.connection.dialect;
    const row = await this.connection.get<DueRow>(
      `UPDATE deliveries SET claim = ?, claimed_until = ${this.leaseEnd}
       WHERE id = (
         SELECT id FROM deliveries AS due
         WHERE id = ? AND state = 'pending' AND due_at <= ${clock} AND claim IS NULL AND NOT EXISTS (
           SELECT 1 FROM deliveries AS other ${indexedBy('claimed_deliveries')}
           WHERE other.claim IS NOT NULL AND other.channel = due.channel AND other.recipient = due.recipient
         ) ${skipLocked})
       RETURNING id, claim, error_id AS "errorId", kind, channel, recipient, attempts, created_at AS "createdAt"`,
      [claim, id],
    );
    return row ? { ...row, createdAt: new Date(sqlTimeToIso(row.createdAt)) } : null;
  }

  /**
   * From now on the other side may have taken it.
   * @returns false when the claim has run out: another replica may be sending it, so it must not be sent
   */
  async handOver(id: number, claim: string, now: Date): Promise<boolean> {
    const handedOver = await this.connection.run(
      `UPDATE deliveries SET handed_over_at = ?, claimed_until = ${this.leaseEnd}
       WHERE id = ? AND claim = ? AND ${this.holds}`,
      [toSqlTime(now), id, claim],
    );
    return handedOver > 0;
  }

  /** Those that have run out stay so: another replica may be telling the recipient something. */
  renew(claims: readonly string[]): Promise<void> {
    return this.update(`claimed_until = ${this.leaseEnd}`, this.holds, claims);
  }

  /** What may have been taken stays claimed until that runs out: it is not to be sent again. */
  release(claims: readonly string[]): Promise<void> {
    return this.update('claim = NULL, claimed_until = NULL', 'handed_over_at IS NULL', claims);
  }

  private update(changes: string, condition: string, claims: readonly string[]): Promise<void> {
    const { indexedBy, isAmong } = this.connection.dialect;
    return this.connection.transaction(async () => {
      await this.connection.run(
        `UPDATE deliveries ${indexedBy('claimed_deliveries')} SET ${changes}
         WHERE claim IS NOT NULL AND ${isAmong('claim', 'text')} AND ${condition}`,
        [claims],
      );
    });
  }
}
