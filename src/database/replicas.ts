/** Hears what other replicas tell. */
export interface ReplicaListener {
  onMessage(message: string): void;
  /** Something may have been told that did not arrive. */
  onMissed(): void;
}

/** The servers that share a database. */
export abstract class Replicas {
  /**
   * Tells all others something, once; those that are out of reach miss it. It never fails.
   * @param message at most 7,900 bytes of UTF-8: PostgreSQL takes 8,000
   */
  abstract tell(topic: string, message: string): void;

  /** Has a listener hear what others tell, from now on. */
  abstract hear(topic: string, listener: ReplicaListener): void;

  /**
   * Does a job unless another replica is at it.
   * @returns whether it was done here
   */
  abstract onlyOne(job: string, work: () => Promise<unknown>): Promise<boolean>;
}

/** The only server of its database, as it is with SQLite. */
export class LoneReplica extends Replicas {
  tell(): void {}

  hear(): void {}

  async onlyOne(_job: string, work: () => Promise<unknown>): Promise<boolean> {
    await work();
    return true;
  }
}
