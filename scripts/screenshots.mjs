// Takes the pictures in docs/images from the built server with sample errors: `npm run screenshots`.
import chromium from '@sparticuz/chromium';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';

const API_KEY = 'screenshots';
/** project, type, message, traceback, number of reports, further fields */
const SAMPLES = [
  [
    'billing',
    'decimal.InvalidOperation',
    "[<class 'decimal.ConversionSyntax'>]",
    python('billing/invoice.py', 88),
    3,
  ],
  [
    'mailer',
    'net.OpError',
    'dial tcp 10.0.4.7:587: connect: connection refused',
    go('mailer/send.go', 61),
    112,
  ],
  ['shop', 'KeyError', "'shipping_address'", python('shop/orders.py', 142), 27],
  [
    'checkout-web',
    'TypeError',
    "Cannot read properties of undefined (reading 'price')",
    v8('checkout.js', 310),
    1840,
  ],
  ['shop', 'ActiveRecord::Deadlocked', 'PG::TRDeadlockDetected: deadlock detected', ruby('cart.rb', 57), 9],
  ['checkout-web', 'ChunkLoadError', 'Loading chunk 7 failed (timeout)', v8('runtime.js', 12), 64],
  ['billing', 'java.net.SocketTimeoutException', 'Read timed out', java('PaymentClient', 203), 410],
  ['shop', 'ValueError', 'invalid literal for int() with base 10: "12a"', python('shop/cart.py', 31), 5],
];

const folder = mkdtempSync(join(tmpdir(), 'error-tracker-screenshots-'));
const server = spawn(process.execPath, ['dist/main.js'], {
  env: {
    ...process.env,
    API_KEY,
    PORT: '0',
    DATABASE_PATH: join(folder, 'errors.db'),
    RATE_LIMIT_PER_MINUTE: '0',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});

try {
  const url = await addressOf(server);
  await sendSampleErrors(url);
  const browser = await playwright.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--headless'],
  });
  mkdirSync('docs/images', { recursive: true });
  await takePicture(browser, url, 'dashboard', {
    colorScheme: 'light',
    viewport: { width: 1280, height: 760 },
  });
  await takePicture(browser, url, 'dashboard-dark', {
    colorScheme: 'dark',
    viewport: { width: 1280, height: 760 },
  });
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

async function sendSampleErrors(url) {
  for (const [project, exception_type, message, traceback, count] of SAMPLES) {
    const browser = project.endsWith('-web');
    for (let i = 0; i < Math.min(count, 200); i++) {
      await send(url, '/api/errors', {
        project,
        exception_type,
        message,
        traceback,
        request_url: browser ? 'https://shop.example.com/checkout' : 'https://api.example.com/v1/cart/items',
        request_method: browser ? 'BROWSER' : 'POST',
        request_headers: { 'user-agent': 'Mozilla/5.0', 'x-request-id': `req-${4711 + i}` },
        user_id: `user-${1200 + i}`,
        extra: { release: '2026.11.3', cart_items: 3 },
      });
    }
  }
}

function python(file, line) {
  return `Traceback (most recent call last):\n  File "/srv/app/wsgi.py", line 19, in handle\n    return view(request)\n  File "/srv/app/${file}", line ${line}, in submit\n    total = parse(data)`;
}

function go(file, line) {
  return `goroutine 34 [running]:\nmain.deliver(0xc0000a4000)\n\t/src/${file}:${line} +0x1d\nmain.main()\n\t/src/mailer/main.go:20 +0x85`;
}

function v8(file, line) {
  return `TypeError\n    at total (https://shop.example.com/assets/${file}:${line}:17)\n    at render (https://shop.example.com/assets/app.js:44:9)`;
}

function ruby(file, line) {
  return `/srv/shop/app/models/${file}:${line}:in 'Cart#checkout'\n\tfrom /srv/shop/app/controllers/cart_controller.rb:12:in 'create'`;
}

function java(name, line) {
  return `java.net.SocketTimeoutException: Read timed out\n\tat com.example.billing.${name}.charge(${name}.java:${line})`;
}

async function send(url, path, json) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' },
    body: json && JSON.stringify(json),
  });
  return answer.json();
}

async function takePicture(browser, url, name, options) {
  const page = await browser.newPage({ ...options, deviceScaleFactor: 1.5 });
  await page.addInitScript((key) => localStorage.setItem('error-tracker.api-key', key), API_KEY);
  await page.goto(url);
  await page.locator('[aria-expanded]').first().click();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `docs/images/${name}.png` });
  await page.close();
}
