import { until } from './faults/until';
import { API_KEY } from './test-server';

const DEADLINE_MS = 5_000;

interface Change {
  id: number;
  project: string;
  kind: string;
}

export interface LiveListener {
  status: number;
  headers: Headers;
  /** all that came so far */
  text(): string;
  /** what the `errors` events had, one list for each */
  messages(): { changes: Change[]; more: boolean }[];
  /** Waits for the next `errors` event that was not asked for before. */
  next(): Promise<{ changes: Change[]; more: boolean }>;
  /** fulfilled when the stream has ended: true when the server ended it well */
  ended: Promise<boolean>;
  close(): Promise<void>;
}

/** Listens to what changes, as the dashboard does. */
export async function listen(url: string, method = 'GET'): Promise<LiveListener> {
  const abort = new AbortController();
  const headers = { 'X-API-Key': API_KEY };
  const answer = await fetch(`${url}/api/events`, { method, headers, signal: abort.signal });
  let text = '';
  let asked = 0;
  const read = async () => {
    if (!answer.body) return;
    const decoder = new TextDecoder();
    for await (const chunk of answer.body) text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  const ended = read().then(
    () => true,
    () => false,
  );
  const messages = () =>
    [...text.matchAll(/^event: errors\ndata: (.*)\n\n/gm)].map(
      ([, data]) => JSON.parse(data!) as { changes: Change[]; more: boolean },
    );
  return {
    status: answer.status,
    headers: answer.headers,
    text: () => text,
    messages,
    next: async () => {
      await until(() => messages().length > asked, DEADLINE_MS);
      return messages()[asked++]!;
    },
    ended,
    close: async () => {
      abort.abort();
      await ended;
    },
  };
}
