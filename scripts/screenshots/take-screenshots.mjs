// Takes the pictures in docs/images: `npm run screenshots`. Every view in both themes, on a desktop and on a phone, from
// the built server with sample errors.
import chromium from '@sparticuz/chromium';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { addSampleErrors } from './sample-errors.mjs';

const API_KEY = 'screenshots';
/** of the project with the id 1 */
const INGEST_KEY = '5b9f0f6a4c1e4d0a8d5b7c3e2f1a0b9c';
const OUT = 'docs/images';
const SIZES = {
  desktop: { viewport: { width: 1280, height: 820 }, deviceScaleFactor: 1.5 },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

const folder = mkdtempSync(join(tmpdir(), 'error-tracker-screenshots-'));
const databasePath = join(folder, 'errors.db');
const server = spawn(process.execPath, ['dist/main.js'], {
  env: {
    ...process.env,
    API_KEY,
    PORT: '0',
    DATABASE_PATH: databasePath,
    RATE_LIMIT_PER_MINUTE: '0',
    INGEST_KEYS: `shop:${INGEST_KEY}`,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  const url = await addressOf(server);
  const storePath = `/api/1/store/?sentry_key=${INGEST_KEY}`;
  const ids = await addSampleErrors((path, json) => send(url + path, json), storePath, databasePath);
  const browser = await playwright.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--headless'],
  });
  mkdirSync(OUT, { recursive: true });
  const views = { list: '/', error: `/errors/${ids[1]}`, projects: '/projects?chart=14d', setup: '/setup' };
  for (const [view, path] of Object.entries(views)) {
    for (const size of Object.keys(SIZES)) {
      for (const colorScheme of ['light', 'dark']) {
        await takePicture(browser, url + path, `${view}-${size}-${colorScheme}`, {
          ...SIZES[size],
          colorScheme,
        });
      }
    }
  }
  await browser.close();
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

function addressOf(process) {
  return new Promise((resolve, reject) => {
    process.stdout.on('data', (chunk) => {
      const address = /listens on (\S+)/.exec(String(chunk))?.[1];
      if (address) resolve(address);
    });
    process.on('exit', () => reject(new Error('The server did not start')));
  });
}

async function send(url, json) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' },
    body: json && JSON.stringify(json),
  });
  return answer.json();
}

async function takePicture(browser, url, name, options) {
  const page = await browser.newPage(options);
  await page.addInitScript((key) => localStorage.setItem('error-tracker.api-key', key), API_KEY);
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  await page.close();
}
