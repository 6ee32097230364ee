import { readFileSync } from 'node:fs';
import { startTestServer } from '../support/test-server';

describe('the README', () => {
  it('shows a first report with the answer that it really gets', async () => {
    const readme = readFileSync('README.md', 'utf8');
    const report = /-d '(\{.*?\})'\n```/s.exec(readme)?.[1] ?? '';
    const answer = /```json\n(.*?)\n```/s.exec(readme)?.[1] ?? '';
    const server = await startTestServer();
    const { status, body } = await server.call('/api/errors', {
      body: report,
      headers: { 'Content-Type': 'application/json' },
    });
    await server.close();
    expect(status).toBe(201);
    expect(body).toEqual(JSON.parse(answer));
  });

  it('shows the DSN that its key really has, for the first project', async () => {
    const readme = readFileSync('README.md', 'utf8');
    const [, dsn = '', scheme = '', key = ''] = /dsn: '((https?:\/\/)(\w+)@[^']*)'/.exec(readme) ?? [];
    const server = await startTestServer({
      INGEST_KEYS: `shop:${key}`,
      BASE_URL: `${scheme}${new URL(dsn).host}`,
    });
    const { projects } = (await server.call('/api/projects/details')).body;
    await server.close();
    expect(projects[0].keys[0].dsn).toBe(dsn);
  });
});
