import { aReport } from './reports';
import type { Answer, TestServer } from './test-server';

export interface MadeKey {
  id: number;
  key: string;
  projectId: number;
  /** `/api/projects/{id}/keys/{key_id}` */
  path: string;
}

/** Makes a project with allowed origins and a key. */
export async function makeKey(
  server: Pick<TestServer, 'call'>,
  name: string,
  { origins = [], ...settings }: { origins?: string[]; name?: string; rate_limit_per_minute?: number } = {},
): Promise<MadeKey> {
  const created = await server.call('/api/projects', { json: { name, allowed_origins: origins } });
  const { body } = created.status === 201 ? created : await findProject(server, name);
  const made = await server.call(`/api/projects/${body.id}/keys`, { json: settings });
  if (made.status !== 201) throw new Error(`No key was made: ${made.body.detail as string}`);
  return {
    id: made.body.id as number,
    key: made.body.key as string,
    projectId: body.id as number,
    path: `/api/projects/${body.id}/keys/${made.body.id}`,
  };
}

async function findProject(server: Pick<TestServer, 'call'>, name: string) {
  const { body } = await server.call(`/api/projects/details?name=${encodeURIComponent(name)}`);
  return { body: body.projects[0] };
}

/** A report with an ingest key in the header. */
export async function reportWithKey(
  server: Pick<TestServer, 'url'>,
  key: string,
  changes: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send(server, '/api/errors', {
    headers: { 'X-Ingest-Key': key, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(aReport(changes)),
  });
}

/** A request without the API key. */
export async function send(
  server: Pick<TestServer, 'url'>,
  path: string,
  options: RequestInit = {},
): Promise<Answer> {
  const answer = await fetch(server.url + path, { method: 'POST', ...options });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
}
