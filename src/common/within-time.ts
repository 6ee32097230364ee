/** Something took longer than it may. It goes on, and what comes of it is dropped. */
export class TimeLimitError extends Error {}

/**
 * Waits for something, but not for ever.
 * @throws TimeLimitError when the limit passes first, else what `work` is rejected with
 */
export function withinTime<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimeLimitError(`No answer within ${limitMs} ms`)), limitMs);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
