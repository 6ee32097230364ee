import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { API_KEY, type TestServer } from './test-server';

const waitMs = 5_000;

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

export interface SentReport {
  project: string;
  exception_type: string;
  message?: string;
  traceback?: string;
  [field: string]: unknown;
}

/** The dashboard of a server in a real browser. Close it after each test: it tells what went wrong unseen. */
export class DashboardPage {
  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    /** what a page that works as it should never does: dialogs, script errors, refused content */
    private readonly mishaps: string[],
  ) {}

  /** @param key what the browser has kept; `null`: nothing */
  static async open(
    browser: Browser,
    { key = API_KEY, ...options }: Parameters<Browser['newContext']>[0] & { key?: string | null } = {},
  ): Promise<DashboardPage> {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    context.setDefaultTimeout(waitMs);
    if (key !== null) {
      await context.addInitScript(
        `if (!sessionStorage.started) localStorage.setItem('error-tracker.api-key', '${key}'); sessionStorage.started = 1`,
      );
    }
    const page = await context.newPage();
    return new DashboardPage(page, context, watch(page));
  }

  /** @returns dialogs, script errors, refused content: nothing when all went well */
  async close(): Promise<string[]> {
    await this.context.close();
    return this.mishaps;
  }

  keyField(): Locator {
    return this.page.getByLabel('API key', { exact: true });
  }

  async enterKey(key: string): Promise<void> {
    await this.keyField().fill(key);
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Whether anything is wider than the window. */
  async scrollsSideways(): Promise<boolean> {
    return this.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  }

  async choose(theme: 'light' | 'dark'): Promise<void> {
    const button = this.page.getByRole('button', { name: /^Theme:/ });
    while ((await button.getAttribute('aria-label')) !== `Theme: ${theme}`) await button.click();
  }
}

/** Sends a report and returns the answer; its traceback is its own unless it is given. */
export async function report(
  server: Pick<TestServer, 'call'>,
  fields: SentReport,
): Promise<{ id: number; count?: number }> {
  const type = fields.exception_type;
  const traceback = `Traceback (most recent call last):\n  File "${type}.py", line 1, in run\n${type}`;
  const { status, body } = await server.call('/api/errors', {
    json: { message: 'it broke', traceback, ...fields },
  });
  if (status !== 200 && status !== 201)
    throw new Error(`The report was answered ${status}: ${body.detail as string}`);
  return body as { id: number; count?: number };
}

function watch(page: Page): string[] {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself notes each answer that is not 2xx; the tests that cause one look at the page instead.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      seen.push(`console: ${message.text()}`);
    }
  });
  return seen;
}
