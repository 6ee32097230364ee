import { hash } from 'node:crypto';
import type { CopiedRow } from './copied-row';

/**
 * How many rows there are, and a sum over what stands in them: that of the SHA-256 of each row, so that the order, in
 * which texts stand differently in the two databases, does not matter.
 */
export class TableChecksum {
  rows = 0;
  private sum = 0n;

  add(row: CopiedRow): void {
    this.rows += 1;
    this.sum += BigInt(`0x${hash('sha256', JSON.stringify(row))}`);
  }

  equals(other: TableChecksum): boolean {
    return this.rows === other.rows && this.sum === other.sum;
  }
}
