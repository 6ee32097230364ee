import { createParser } from 'eventsource-parser';
import type { Api } from './api.js';
import type { Changes } from './api-answers.js';
import { ApiError } from './api-error.js';
import { pause } from './pause.js';

export type LiveState = 'on' | 'connecting' | 'off';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** The server says something every 20 seconds; a connection that died without a word is noticed after this. */
const silenceMs = 50_000;

/**
 * Follows what changes on the server while the page can be seen.
 *
 * States: *off* (stopped, or the page is hidden: browsers allow few connections), *connecting* (also after the
 * connection was lost, with growing pauses), *on*. What was missed in between is not made up for: whoever shows something
 * reads it again when the state is `on` again.
 */
export class Live {
  private state: LiveState = 'off';
  private readonly changeListeners = new Set<(changes: Changes) => void>();
  private readonly stateListeners = new Set<(state: LiveState) => void>();
  private connection: AbortController | null = null;

  constructor(private readonly api: Api) {
    document.addEventListener('visibilitychange', this.followVisibility);
    this.followVisibility();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.followVisibility);
    this.disconnect();
  }

  /** @returns what ends it */
  onChanges(listener: (changes: Changes) => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** Calls at once with the present state, then with each new one. @returns what ends it */
  onState(listener: (state: LiveState) => void): () => void {
    this.stateListeners.add(listener);
    listener(this.state);
    return () => this.stateListeners.delete(listener);
  }

  private readonly followVisibility = (): void => {
    if (document.hidden) this.disconnect();
    else if (!this.connection) void this.connect((this.connection = new AbortController()).signal);
  };

  private disconnect(): void {
    this.connection?.abort();
    this.connection = null;
    this.setState('off');
  }

  private async connect(signal: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      this.setState('connecting');
      let askedToWaitMs = 0;
      try {
        await this.follow(signal, () => (pauseMs = firstPauseMs));
      } catch (error) {
        if (error instanceof ApiError && error.failure === 'unauthorized') return;
        if (error instanceof ApiError && error.failure === 'rate-limited') {
          askedToWaitMs = error.retryAfterSeconds * 1_000;
        }
      }
      if (isAborted(signal)) return;
      this.setState('connecting');
      // Not all clients at the same moment when the server comes back.
      const waitMs = Math.max(askedToWaitMs, pauseMs * (0.75 + Math.random() / 2));
      await (askedToWaitMs > 0 ? pause(waitMs, signal) : pauseUnlessOnline(waitMs, signal));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** Reads one connection to its end. */
  private async follow(signal: AbortSignal, onHello: () => void): Promise<void> {
    const silence = new AbortController();
    let silenceTimer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silenceTimer);
      silenceTimer = setTimeout(() => silence.abort(), silenceMs);
    };
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'hello') {
          onHello();
          this.setState('on');
        }
        if (event === 'errors') this.tell(data);
      },
    });
    try {
      heard();
      const stream = await this.api.openEvents(AbortSignal.any([signal, silence.signal]));
      const reader = stream.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(silenceTimer);
    }
  }

  private tell(data: string): void {
    const changes = JSON.parse(data) as Changes;
    for (const listener of this.changeListeners) {
      try {
        listener(changes);
      } catch (error) {
        // A mistake in a view is no lost connection.
        reportError(error);
      }
    }
  }

  private setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    for (const listener of this.stateListeners) listener(state);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Waits so long, but not when the device is online again or the signal is aborted. */
async function pauseUnlessOnline(ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  window.addEventListener('online', end);
  await pause(ms, AbortSignal.any([signal, over.signal]));
  window.removeEventListener('online', end);
}
