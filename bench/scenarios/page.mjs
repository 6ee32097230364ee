import sparticuz from '@sparticuz/chromium';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import { formatCount, formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { copySeededFile } from '../support/seed.mjs';
import { API_KEY, startServer } from '../support/servers.mjs';
import { compare, median } from '../support/statistics.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';

const FEW_ERRORS = 1_000;
const TARGET_MS = 500;
/** A frame late is what the eye notices of typing; browsers call 50 ms a long task. */
const TARGET_LONGEST_TASK_MS = 50;
const TYPED = 'connection timed out';
const VIEWS = {
  'the list': '/',
  'sorted by reports': '/?sort=count',
  'a search': '/?search=timeout',
  'resolved, 14 days': '/?state=resolved&chart=14d',
  'an error': '/errors/17',
  projects: '/projects',
};

export const page = {
  summary: 'the dashboard in a real browser: from navigation to what it shows, and typing into the search',
  run,
};

async function run({ seededErrors, rounds, log }) {
  const folder = makeTemporaryFolder();
  const [many, few] = [join(folder, 'many.db'), join(folder, 'few.db')];
  await copySeededFile(many, { kind: 'mixed', errors: seededErrors, log });
  await copySeededFile(few, { kind: 'mixed', errors: FEW_ERRORS, log });
  const env = { RETENTION_DAYS: '3650' };
  const servers = {
    many: await startServer({ databasePath: many, env }),
    few: await startServer({ databasePath: few, env }),
  };
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await sparticuz.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--headless'],
  });
  const cells = [];
  for (const [name, path] of Object.entries(VIEWS)) {
    log(name);
    const { ours, baseline } = await interleave(
      rounds,
      () => open(browser, servers.many, path),
      () => open(browser, servers.few, path),
    );
    cells.push({ name, shownMs: compare(ours, baseline), segments: { ours, baseline } });
  }
  log('typing');
  const { ours, baseline } = await interleave(
    rounds,
    () => type(browser, servers.many),
    () => type(browser, servers.few),
  );
  const typing = {
    longestTaskMs: { ours: median(ours), baseline: median(baseline) },
    segments: { ours, baseline },
  };
  await browser.close();
  await servers.many.stop();
  await servers.few.stop();
  removeTemporaryFolder(folder);
  return { tables: [toTable(cells, seededErrors), toTypingTable(typing)], cells: [...cells, typing] };
}

/** A browser that has been here before only in so far as it has the key. @returns ms until the view is there */
async function open(browser, server, path) {
  const context = await newContext(browser);
  const tab = await context.newPage();
  const startedAt = performance.now();
  await tab.goto(`http://127.0.0.1:${server.port}${path}`, { waitUntil: 'commit' });
  await tab.locator('.error, .detail-page .panel, .project-row').first().waitFor();
  const shownMs = performance.now() - startedAt;
  await context.close();
  return shownMs;
}

/** @returns ms of the longest task of the page while somebody types */
async function type(browser, server) {
  const context = await newContext(browser);
  const tab = await context.newPage();
  await tab.goto(`http://127.0.0.1:${server.port}/?state=all`);
  await tab.locator('.error').first().waitFor();
  await tab.waitForTimeout(500);
  await tab.evaluate(`
    globalThis.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
    }).observe({ type: 'longtask' });
  `);
  await tab.locator('input[type="search"]').pressSequentially(TYPED, { delay: 120 });
  await tab.waitForTimeout(1_000);
  const longest = await tab.evaluate('longestTask');
  await context.close();
  return longest;
}

async function newContext(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript((key) => localStorage.setItem('error-tracker.api-key', key), API_KEY);
  return context;
}

function toTable(cells, seededErrors) {
  return {
    columns: [
      'view',
      `${formatCount(seededErrors)} errors`,
      `${formatCount(FEW_ERRORS)} errors`,
      'ratio',
      'target',
    ],
    rows: cells.map(({ name, shownMs }) => [
      name,
      formatMs(shownMs.ours),
      formatMs(shownMs.baseline),
      formatRatio(shownMs.ratio),
      formatTarget(`≤ ${TARGET_MS} ms`, shownMs.ours <= TARGET_MS),
    ]),
  };
}

function toTypingTable({ longestTaskMs }) {
  const { ours, baseline } = longestTaskMs;
  const text = (ms) => (ms === 0 ? 'below 50 ms' : formatMs(ms));
  return {
    columns: ['typing', 'longest task', `with ${formatCount(FEW_ERRORS)} errors`, 'target'],
    rows: [
      [
        TYPED,
        text(ours),
        text(baseline),
        formatTarget(`≤ ${TARGET_LONGEST_TASK_MS} ms`, ours <= TARGET_LONGEST_TASK_MS),
      ],
    ],
  };
}
