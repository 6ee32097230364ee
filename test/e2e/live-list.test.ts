import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { DashboardPage, report } from '../support/dashboard-page';
import { temporaryFolder } from '../support/temporary-folder';
import { startTestServer, type TestServer } from '../support/test-server';

describe('the list of errors that is left open', () => {
  let server: TestServer;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    dashboard = await DashboardPage.open(browser);
    dashboard.context.setDefaultTimeout(12_000);
    page = dashboard.page;
  });
  afterEach(async () => {
    expect(await dashboard.close()).toEqual([]);
  });

  it('announces new errors above, changes figures in place, and moves nothing by itself', async () => {
    await report(server, { project: 'live', exception_type: 'Below' });
    await report(server, { project: 'live', exception_type: 'Above' });
    await open('project=live');
    await report(server, { project: 'live', exception_type: 'Below' });
    await row('Below').locator('.count', { hasText: '2 reports' }).waitFor();
    expect(await titles()).toEqual(['Above', 'Below']);

    await report(server, { project: 'live', exception_type: 'NewOne' });
    await report(server, { project: 'live', exception_type: 'NewTwo' });
    await page.getByRole('button', { name: '2 new', exact: true }).click();
    await row('NewTwo').waitFor();
    expect(await titles()).toEqual(['NewTwo', 'NewOne', 'Below', 'Above']);
    expect(await page.locator('.new-errors').isVisible()).toBe(false);
  });

  it('leaves errors of other projects and searches out', async () => {
    await report(server, { project: 'mine', exception_type: 'Mine' });
    await open('project=mine');
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/api/errors?') ? 1 : 0));
    await report(server, { project: 'theirs', exception_type: 'Theirs' });
    await page.waitForTimeout(2_000);
    expect(asked).toBe(0);
    await report(server, { project: 'mine', exception_type: 'MineToo' });
    await page.getByRole('button', { name: '1 new', exact: true }).waitFor();
  });

  it('shows what others resolve and delete', async () => {
    const { id: resolved } = await report(server, { project: 'others', exception_type: 'Resolved' });
    const { id: deleted } = await report(server, { project: 'others', exception_type: 'Deleted' });
    await open('project=others');
    await server.call(`/api/errors/${resolved}/resolve`, { method: 'POST' });
    await row('Resolved').locator('.state.resolved').waitFor();
    await server.call(`/api/errors/${deleted}`, { method: 'DELETE' });
    await row('Deleted').locator('.action').getByText('Deleted').waitFor();
    expect(await titles()).toEqual(['Deleted', 'Resolved']);
  });

  it('goes from empty to the first error by itself', async () => {
    await page.goto(`${server.url}/?project=first-ever&state=all`);
    await page.getByRole('heading', { name: 'No error matches' }).waitFor();
    await live('on');
    await report(server, { project: 'first-ever', exception_type: 'TheFirst' });
    await row('TheFirst').waitFor();
  });

  it('says when it is not live, connects again by itself, and then shows what it missed', async () => {
    const folder = temporaryFolder();
    const DATABASE_PATH = join(folder.path, 'errors.db');
    const stopped = await startTestServer({ DATABASE_PATH });
    const { port } = new URL(stopped.url);
    await report(stopped, { project: 'restart', exception_type: 'Before' });
    await page.goto(stopped.url);
    await row('Before').waitFor();
    await live('on');
    await stopped.close();
    await live('connecting');
    await row('Before').waitFor();

    const again = await startTestServer({ DATABASE_PATH, PORT: port });
    try {
      await report(again, { project: 'restart', exception_type: 'Meanwhile' });
      await live('on');
      await page.getByRole('button', { name: '1 new', exact: true }).click();
      await row('Meanwhile').waitFor();
    } finally {
      await again.close();
      folder.remove();
    }
  });

  async function open(query: string): Promise<void> {
    await page.goto(`${server.url}/?${query}`);
    await page.locator('.error').first().waitFor();
    await live('on');
    // What is read once the connection stands.
    await page.waitForTimeout(500);
  }

  async function live(state: string): Promise<void> {
    await page.locator(`.live[data-state="${state}"]`).waitFor();
  }

  function row(type: string): Locator {
    return page.locator('.error', { has: page.locator('.title', { hasText: new RegExp(`^${type}$`) }) });
  }

  function titles(): Promise<string[]> {
    return page.locator('.error .title').allTextContents();
  }
});
