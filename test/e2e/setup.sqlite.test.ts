import { launchBrowser } from '../support/browser';
import { DashboardPage } from '../support/dashboard-page';
import { startTestServer } from '../support/test-server';

test('The set-up page shows the version of SQLite, and the file with its size', async () => {
  const [browser, server] = await Promise.all([launchBrowser(), startTestServer()]);
  try {
    const dashboard = await DashboardPage.open(browser);
    const { page } = dashboard;
    const fact = (name: string) => page.locator(`dt:text-is("${name}") + dd`).textContent();
    await page.goto(`${server.url}/setup`);
    await page.getByRole('table').waitFor();

    const { body } = await server.call('/api/status');
    expect(await fact('SQLite')).toBe(body.sqlite);
    expect(await fact('Database')).toMatch(/^[\d.]+ (kB|MB) in \/.*\/errors\.db$/);
    const row = page.getByRole('row', { name: /^DATABASE_URL / });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['not set', 'default']);
    expect(await dashboard.close()).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
}, 60_000);
