import { ApiError } from './api-error.js';

/** After the first change; more of them often follow at once. */
const delayMs = 300;

/** Reads again soon after something has changed, however often that is, and again after it has failed. */
export class QuietReader {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private earliest = 0;

  /**
   * @param pauseMs lies between two readings at least: reading counts towards the rate limit
   * @param read throws the `ApiError` it came to
   */
  constructor(
    private readonly pauseMs: number,
    private readonly read: () => Promise<void>,
  ) {}

  readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readNow(), Math.max(delayMs, this.earliest - Date.now()));
  }

  async readNow(): Promise<void> {
    this.noteRead();
    try {
      await this.read();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.retryAfter(error);
    }
  }

  /** Reads again when what failed may work: not what the server refuses. */
  retryAfter(error: ApiError): void {
    if (error.failure === 'refused' || error.failure === 'unauthorized') return;
    if (error.failure === 'rate-limited') this.earliest = Date.now() + error.retryAfterSeconds * 1_000;
    this.readSoon();
  }

  /** It was read by other means just now. */
  noteRead(): void {
    this.stop();
    this.earliest = Date.now() + this.pauseMs;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
