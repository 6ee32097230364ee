import { ListPage } from '../support/list-page';

const EVENTS = '**/api/events';

describe('the connection that tells the dashboard of changes', () => {
  const list = ListPage.use();

  it('is given up while nobody sees the page, and shows what was missed once somebody does', async () => {
    await list.report('hidden', 'Shown');
    await list.open('project=hidden');
    const opened = list.count(/\/api\/events$/);
    const closed = list.page.waitForEvent('requestfailed', (request) =>
      request.url().endsWith('/api/events'),
    );
    await setHidden(true);
    await closed;
    await list.live('off');
    await list.report('hidden', 'Missed');
    expect(opened()).toBe(0);

    await setHidden(false);
    await list.live('on');
    expect(opened()).toBe(1);
    await list.newErrors('1 new').waitFor();
  });

  it('is not asked for before the time a rate limit names is over, whatever happens', async () => {
    await list.report('limited', 'Shown');
    const askedAt: number[] = [];
    await list.page.route(EVENTS, async (route) => {
      askedAt.push(Date.now());
      if (askedAt.length > 1) await route.continue();
      else
        await route.fulfill({ status: 429, json: { detail: 'Too many.' }, headers: { 'Retry-After': '3' } });
    });
    await list.page.goto(`${list.server.url}/?project=limited`);
    await list.live('connecting');
    await list.row('Shown').waitFor();
    await list.page.evaluate(`window.dispatchEvent(new Event('online'))`);
    await list.live('on');
    expect(askedAt).toHaveLength(2);
    expect(askedAt[1]! - askedAt[0]!).toBeGreaterThanOrEqual(2_900);
  });

  it('is made anew when it has died without a word', async () => {
    await list.page.clock.install();
    await list.report('silent', 'Shown');
    await list.open('project=silent');
    const opened = list.count(/\/api\/events$/);
    await list.page.clock.fastForward(40_000);
    expect(opened()).toBe(0);
    const again = list.page.waitForRequest(EVENTS);
    await list.page.clock.fastForward(11_000);
    await list.live('connecting');
    await again;
    await list.live('on');
    await list.report('silent', 'Later');
    await list.newErrors('1 new').waitFor();
  });

  async function setHidden(isHidden: boolean): Promise<void> {
    await list.page.evaluate(`
      Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
      Object.defineProperty(document, 'visibilityState', {
        configurable: true,
        value: '${isHidden ? 'hidden' : 'visible'}',
      });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
  }
});
