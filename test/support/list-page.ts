import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { DashboardPage, DESKTOP, report } from './dashboard-page';
import { startTestServer, type TestServer } from './test-server';

/** Quiet readings lie three seconds apart, and changes are told of once a second. */
const WAIT_MS = 12_000;

/** The list of errors in a real browser, with a server that holds what the tests report. */
export class ListPage {
  server!: TestServer;
  dashboard!: DashboardPage;
  private browser!: Browser;

  /** One server and one browser for all tests of a file or a `describe`, and a new page for each. */
  static use(viewport = DESKTOP): ListPage {
    const list = new ListPage();
    beforeAll(async () => {
      [list.server, list.browser] = await Promise.all([startTestServer(), launchBrowser()]);
    }, 60_000);
    afterAll(async () => {
      await list.browser.close();
      await list.server.close();
    });
    beforeEach(async () => {
      list.dashboard = await DashboardPage.open(list.browser, { viewport });
      list.dashboard.context.setDefaultTimeout(WAIT_MS);
    });
    afterEach(async () => {
      expect(await list.dashboard.close()).toEqual([]);
    });
    return list;
  }

  get page(): Page {
    return this.dashboard.page;
  }

  /** A report of each type; the last is listed first. @returns ids of errors that are new with it */
  async report(project: string, ...types: string[]): Promise<number[]> {
    const ids: number[] = [];
    for (const exception_type of types) ids.push((await report(this.server, { project, exception_type })).id);
    return ids;
  }

  /** Waits until errors are shown and changes are followed. */
  async open(query: string, url = this.server.url): Promise<void> {
    await this.page.goto(`${url}/?${query}`);
    await this.page.locator('.error').first().waitFor();
    await this.live('on');
  }

  /** Each key once, one after another. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  row(type: string): Locator {
    return this.page.locator('.error', {
      has: this.page.locator('.title', { hasText: new RegExp(`^${type}$`) }),
    });
  }

  /** Resolve or reopen of a row */
  action(type: string): Locator {
    return this.row(type).getByRole('button');
  }

  toast(text: string): Locator {
    return this.page.locator('.toast', { hasText: text });
  }

  /** a button of the bar that a selection shows */
  tool(name: string): Locator {
    return this.page.getByRole('toolbar').getByRole('button', { name });
  }

  search(): Locator {
    return this.page.getByLabel('Search errors', { exact: true });
  }

  /** the button above the list that says what has come in */
  newErrors(text?: string): Locator {
    const bar = this.page.locator('.new-errors');
    return text === undefined ? bar.locator('button') : bar.getByRole('button', { name: text, exact: true });
  }

  async select(...types: string[]): Promise<void> {
    for (const type of types) await this.row(type).getByRole('checkbox').check();
  }

  async total(text: string): Promise<void> {
    await this.page.locator('.total').getByText(text, { exact: true }).waitFor();
  }

  async focused(type: string): Promise<void> {
    await this.page.locator('.title:focus', { hasText: type }).waitFor();
  }

  async live(state: 'on' | 'connecting' | 'off'): Promise<void> {
    await this.page.locator(`.live[data-state="${state}"]`).waitFor();
  }

  /** The types of the resolved errors of a project, the latest first. */
  async resolved(project: string): Promise<string[]> {
    const { body } = await this.server.call(`/api/errors?project=${project}&resolved=true`);
    return body.errors.map((error: { exception_type: string }) => error.exception_type);
  }

  /** What a press in the middle of a button would hit: the text of that button, or of the one that covers it. */
  async pressed(button: Locator): Promise<string | null> {
    const { x, y, width, height } = (await button.boundingBox())!;
    return this.page.evaluate(
      `document.elementFromPoint(${x + width / 2}, ${y + height / 2})?.closest('button')?.textContent ?? null`,
    );
  }

  /** Counts requests from now on. */
  count(url: RegExp): () => number {
    let seen = 0;
    this.page.on('request', (request) => (seen += url.test(request.url()) ? 1 : 0));
    return () => seen;
  }

  /** Keeps requests back. @returns what waits for the first of them, then lets all go on */
  async hold(url: string): Promise<() => Promise<void>> {
    let letGo = () => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const asked = this.page.waitForRequest(url);
    await this.page.route(url, async (route) => {
      await released;
      await route.continue();
    });
    return async () => {
      await asked;
      letGo();
    };
  }
}
