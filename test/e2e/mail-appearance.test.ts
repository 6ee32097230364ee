import type { Browser, Page } from 'playwright-core';
import type { Alert } from '../../src/alerts/alert';
import { renderMail } from '../../src/alerts/mail/render-mail';
import { errorAlert, mailContext, summarizedProject, summaryAlert } from '../support/alerts';
import { launchBrowser } from '../support/browser';

const LEAST_CONTRAST = 4.5;

const longTraceback =
  'Traceback (most recent call last):\n' +
  Array.from({ length: 900 }, (_, i) => `  File "/srv/app/deep/module_${i}.py", line ${i + 1}, in f`).join(
    '\n',
  );

/** Runs a script or loads something if any of it becomes markup. */
const hostile =
  `</pre></title></style><script>window.hacked = 1</script><img src="http://127.0.0.1:9/x" onerror="window.hacked = 1">` +
  `<link rel="stylesheet" href="http://127.0.0.1:9/x.css">" style="background:url(http://127.0.0.1:9/y)" onload="hacked=1` +
  ` \u202e{{constructor.constructor "window.hacked = 1"}} 日本語 💥 ${'w'.repeat(300)}`;

const alerts: [string, Alert][] = [
  ['a new error', errorAlert()],
  [
    'a reopened error with more than a mail holds',
    errorAlert({ message: 'no '.repeat(900), traceback: longTraceback }, 'reopened'),
  ],
  [
    'a hostile error',
    errorAlert({
      project: hostile.slice(0, 100),
      exceptionType: hostile.slice(0, 200),
      message: hostile,
      traceback: `${hostile}\n  File "${hostile.replaceAll('"', "'")}", line 3`,
      requestUrl: hostile,
    }),
  ],
  [
    'held back errors',
    summaryAlert([
      summarizedProject('shop', 30, 2),
      {
        project: hostile,
        created: 1,
        reopened: 0,
        newest: [{ id: 17, exceptionType: hostile, message: hostile }],
      },
    ]),
  ],
  ['a test', { kind: 'test' }],
];

const views = [
  ['by day', 'light', 800],
  ['by night', 'dark', 800],
  ['by day on a phone', 'light', 320],
  ['by night on a phone', 'dark', 320],
] as const;

describe.each(alerts)('the mail on %s', (_name, alert) => {
  const { html } = renderMail(alert, mailContext);
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);

  afterAll(() => browser.close());

  it.each(views)('is readable %s', async (_view, colorScheme, width) => {
    const page = await open(html, colorScheme, width);
    const look = await lookAt(page);
    expect(look.fadedTexts).toEqual([]);
    expect(look.checkedTexts).toBeGreaterThan(4);
    expect(look.overflow).toBe(0);
    expect(isDark(look.background)).toBe(colorScheme === 'dark');
    await page.context().close();
  });

  it.each(views)('is readable %s in a program that drops style sheets', async (_view, colorScheme, width) => {
    const page = await open(html.replace(/<style>[^]*?<\/style>/, ''), colorScheme, width);
    const look = await lookAt(page);
    expect(look.fadedTexts).toEqual([]);
    expect(look.overflow).toBe(0);
    expect(isDark(look.background)).toBe(false);
    await page.context().close();
  });

  it('has one button, which a thumb can hit', async () => {
    const page = await open(html, 'light', 320);
    const buttons = page.locator('a.button-text');
    expect(await buttons.count()).toBe(1);
    expect((await buttons.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await page.context().close();
  });

  it('runs nothing and loads nothing', async () => {
    const requests: string[] = [];
    const page = await open(html, 'light', 800, requests);
    await page.waitForLoadState('networkidle');
    expect(requests).toEqual([]);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(
      await page.evaluate("document.querySelectorAll('script,img,link,iframe,[onload],[onerror]').length"),
    ).toBe(0);
    await page.context().close();
  });

  async function open(
    document: string,
    colorScheme: 'light' | 'dark',
    width: number,
    requests: string[] = [],
  ): Promise<Page> {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 640 } });
    context.on('request', (request) => requests.push(request.url()));
    const page = await context.newPage();
    await page.setContent(document);
    return page;
  }
});

interface Look {
  /** texts with too little contrast, and the contrast */
  fadedTexts: [string, number][];
  checkedTexts: number;
  /** pixels by which the page is wider than the window */
  overflow: number;
  /** red, green and blue of the page */
  background: [number, number, number];
}

function isDark([red, green, blue]: [number, number, number]): boolean {
  return red + green + blue < 200;
}

/** Reads the colours as the browser computed them, of every text that is shown. */
function lookAt(page: Page): Promise<Look> {
  return page.evaluate(`(() => {
    const parse = (color) => color.match(/[\\d.]+/g).map(Number);
    const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const backgroundOf = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color[3] !== 0) return color.slice(0, 3);
      }
      return [255, 255, 255];
    };
    const fadedTexts = [];
    let checkedTexts = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.data.trim();
      if (!text || !element.checkVisibility()) continue;
      checkedTexts += 1;
      const lights = [parse(getComputedStyle(element).color), backgroundOf(element)].map(luminance);
      const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
      if (contrast < ${LEAST_CONTRAST}) fadedTexts.push([text.slice(0, 50), contrast]);
    }
    const overflow = Math.max(0, document.documentElement.scrollWidth - innerWidth);
    return { fadedTexts, checkedTexts, overflow, background: backgroundOf(document.body) };
  })()`);
}
