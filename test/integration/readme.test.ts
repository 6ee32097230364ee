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
});
