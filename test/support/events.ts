import { makeKey, type MadeKey, send } from './ingest-keys';
import type { Answer, TestServer } from './test-server';

export interface EventProject extends MadeKey {
  /** what clients are configured with */
  dsn: string;
  /** `/api/{id}/envelope/?sentry_key=…` */
  envelopePath: string;
}

/** Makes a project that events can be sent to. */
export async function makeEventProject(
  server: Pick<TestServer, 'call' | 'url'>,
  name: string,
  settings: Parameters<typeof makeKey>[2] = {},
): Promise<EventProject> {
  const made = await makeKey(server, name, settings);
  const { key, projectId } = made;
  return {
    ...made,
    dsn: `${server.url.replace('://', `://${key}@`)}/${projectId}`,
    envelopePath: `/api/${projectId}/envelope/?sentry_key=${key}`,
  };
}

/** An event as a Python client sends it, with changes. */
export function anEvent(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    level: 'error',
    platform: 'python',
    environment: 'production',
    release: 'shop@2026.11',
    exception: {
      values: [
        {
          type: 'ValueError',
          value: 'no such price',
          mechanism: { type: 'excepthook', handled: false },
          stacktrace: {
            frames: [
              { filename: 'shop/main.py', function: 'main', lineno: 3, in_app: true },
              { filename: 'shop/cart.py', function: 'add', lineno: 31, in_app: true },
            ],
          },
        },
      ],
    },
    ...changes,
  };
}

/** An envelope of items, each with its type. */
export function anEnvelope(header: object, ...items: [type: string, payload: unknown][]): string {
  const lines = items.flatMap(([type, payload]) => [
    JSON.stringify({ type }),
    typeof payload === 'string' ? payload : JSON.stringify(payload),
  ]);
  return [JSON.stringify(header), ...lines].join('\n');
}

/** Sends one event in an envelope. */
export function sendEvent(
  server: Pick<TestServer, 'url'>,
  { envelopePath }: EventProject,
  event: Record<string, unknown> = anEvent(),
  header: object = {},
): Promise<Answer> {
  return send(server, envelopePath, { body: anEnvelope(header, ['event', event]) });
}

/** The errors of a project, as the list has them. */
export async function errorsOf(server: Pick<TestServer, 'call'>, project: string) {
  const { body } = await server.call(`/api/errors?project=${encodeURIComponent(project)}`);
  return body.errors as {
    id: number;
    exception_type: string;
    message: string;
    count: number;
    level: string;
  }[];
}
