import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { aReport } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { API_KEY, startTestServer } from '../support/test-server';

interface Operation {
  summary?: string;
  security?: Record<string, string[]>[];
  responses: Record<string, { content?: Record<string, { example?: unknown; schema?: unknown }> }>;
}

describe('the API documentation', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('describes every route with its answers and refusals', async () => {
    const { body } = await server.call('/docs-json');
    const operations = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort()).toEqual([
      'DELETE /api/errors/{id}',
      'GET /api/alerts/deliveries',
      'GET /api/alerts/status',
      'GET /api/errors',
      'GET /api/errors/{id}',
      'GET /api/errors/{id}/counts',
      'GET /api/events',
      'GET /api/events/{event_id}',
      'GET /api/feedback',
      'GET /api/ledger',
      'GET /api/projects',
      'GET /api/projects/details',
      'GET /api/projects/overview',
      'GET /api/projects/{id}',
      'GET /api/status',
      'GET /api/tags',
      'GET /api/tags/{name}',
      'GET /health',
      'GET /health/ready',
      'PATCH /api/projects/{id}',
      'PATCH /api/projects/{id}/keys/{key_id}',
      'POST /api/errors',
      'POST /api/errors/bulk',
      'POST /api/errors/{id}/reopen',
      'POST /api/errors/{id}/resolve',
      'POST /api/projects',
      'POST /api/projects/{id}/keys',
      'POST /api/projects/{id}/keys/{key_id}/revoke',
      'POST /api/test-alert',
      'POST /api/{project_id}/envelope',
      'POST /api/{project_id}/security',
      'POST /api/{project_id}/store',
    ]);
    for (const { path, operation } of operations) {
      expect(operation.summary).toBeTruthy();
      if (path.startsWith('/health')) continue;
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '429', '500', '503']));
      for (const [status, response] of Object.entries(operation.responses)) {
        const [content] = Object.values(response.content ?? {});
        expect(content?.schema).toBeTruthy();
        if (Number(status) >= 400) expect(content?.example).toEqual({ detail: expect.any(String) });
      }
    }
    expect(body.components.securitySchemes).toEqual({
      key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      'ingest-key': { type: 'apiKey', in: 'header', name: 'X-Ingest-Key' },
      'ingest-key-in-address': { type: 'apiKey', in: 'query', name: 'key' },
      'sentry-key': { type: 'apiKey', in: 'query', name: 'sentry_key' },
    });
    expect(body.security).toEqual([{ key: [] }]);
    const withIngestKey = operations.filter(({ operation }) =>
      JSON.stringify(operation.security ?? []).includes('ingest'),
    );
    expect(withIngestKey.map(({ path, method }) => `${method} ${path}`)).toEqual(['post /api/errors']);
  });

  it('describes what webhooks get', async () => {
    const { body } = await server.call('/docs-json');
    expect(Object.keys(body.components.schemas.WebhookBody.properties as object)).toEqual([
      'version',
      'event',
      'delivery_id',
      'sent_at',
      'error',
      'summary',
    ]);
  });

  it('has an example report that is accepted as it stands', async () => {
    const { body } = await server.call('/docs-json');
    const properties = body.components.schemas.ReportBody.properties as Record<string, { example: unknown }>;
    const json = Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example]));
    expect((await server.call('/api/errors', { json })).status).toBe(201);
  });

  describe('in a browser', () => {
    let browser: Browser;
    let page: Page;
    const problems: string[] = [];
    beforeAll(async () => {
      browser = await launchBrowser();
      page = await browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await server.call('/api/errors', { json: aReport({ project: 'seen in swagger' }) });
      await page.goto(`${server.url}/docs`);
    }, 60_000);
    afterAll(() => browser.close());

    it('authorizes once and then tries out a route for real', async () => {
      await page.locator('.auth-wrapper .authorize').first().click();
      await page.locator('.modal-ux input[type=text]').first().fill(API_KEY);
      await page.locator('.modal-ux .authorize').first().click();
      await page.locator('.modal-ux .btn-done').first().click();

      await page.locator('#operations-projects-ProjectsController_list .opblock-summary-control').click();
      await page.locator('#operations-projects-ProjectsController_list .try-out__btn').click();
      await page.locator('#operations-projects-ProjectsController_list .execute').click();
      const answer = page.locator('#operations-projects-ProjectsController_list .live-responses-table');
      await answer.locator('text=seen in swagger').first().waitFor();
      expect(await answer.locator('tbody .response-col_status').first().innerText()).toContain('200');
      expect(problems).toEqual([]);
    }, 60_000);
  });
});
