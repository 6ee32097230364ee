import { BeforeApplicationShutdown, Injectable, OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { PreparedDatabase } from '../database/prepared-database';
import type { DueDelivery, Outcome } from './delivery';
import { DeliveryWriter } from './delivery-writer';

/** A third of a lease: one that cannot be renewed once does not run out yet. */
const RENEW_MS = 10_000;

/**
 * What this replica has claimed, so that no other sends it (`DeliveryClaimer`). Claims are renewed until what came of
 * the attempt is written down.
 */
@Injectable()
export class HeldClaims implements OnModuleInit, BeforeApplicationShutdown {
  private readonly held = new Set<string>();
  /** whether they took effect is unknown */
  private readonly unanswered = new Set<string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: PreparedDatabase,
    private readonly writer: DeliveryWriter,
  ) {}

  onModuleInit(): void {
    if (this.database.location.kind === 'sqlite') return;
    this.timer = setInterval(() => void this.renew(), RENEW_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Gives back what was claimed when the database did not answer; until then its recipient is told nothing. */
  async releaseUnanswered(): Promise<void> {
    const claims = [...this.unanswered];
    if (claims.length === 0) return;
    await this.writer.ask({ kind: 'release', claims });
    for (const claim of claims) this.unanswered.delete(claim);
  }

  /** @returns null when another replica was faster */
  async claim(id: number): Promise<DueDelivery | null> {
    const claim = randomUUID();
    this.unanswered.add(claim);
    const delivery = await this.writer.ask({ kind: 'claim', id, claim });
    this.unanswered.delete(claim);
    if (delivery) this.held.add(claim);
    return delivery;
  }

  /** @returns false when the claim has run out, and the delivery must not be sent */
  async handOver({ id, claim }: DueDelivery): Promise<boolean> {
    const holds = await this.writer.ask({ kind: 'hand-over', id, claim, now: new Date() });
    if (!holds) this.held.delete(claim);
    return holds;
  }

  /**
   * Writes down what an attempt came to.
   * @returns false when it was not written down: the claim has been taken over, or the delivery is gone
   */
  async record({ id, claim }: DueDelivery, outcome: Outcome): Promise<boolean> {
    const isRecorded = await this.writer.ask({ kind: 'record', id, claim, outcome });
    this.held.delete(claim);
    return isRecorded;
  }

  /** Leaves to others what has not been handed over: an attempt that is still under way then ends without sending. */
  async releaseAll(): Promise<void> {
    const claims = [...this.held, ...this.unanswered];
    if (claims.length > 0) await this.writer.ask({ kind: 'release', claims });
  }

  /** Never rejects: a claim that cannot be renewed in time is one that another replica may take over. */
  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    await this.writer.ask({ kind: 'renew', claims: [...this.held] }).catch(() => undefined);
  }
}
