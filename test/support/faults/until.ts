import { setTimeout as delay } from 'node:timers/promises';

/** Tries every 50 ms until the answer is a yes. */
export async function until(holds: () => boolean | Promise<boolean>, deadlineMs: number): Promise<void> {
  const startedAt = Date.now();
  while (!(await holds())) {
    if (Date.now() - startedAt > deadlineMs)
      throw new Error(`Not so after ${deadlineMs} ms: ${String(holds)}`);
    await delay(50);
  }
}
