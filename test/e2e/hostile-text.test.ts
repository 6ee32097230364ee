import type { Locator } from 'playwright-core';
import { DESKTOP, PHONE, report } from '../support/dashboard-page';
import { ListPage } from '../support/list-page';

const NARROWEST = { width: 320, height: 600 };
/** Turns what follows from right to left. */
const OVERRIDE = '\u202e';

describe('hostile text in the list of errors', () => {
  const list = ListPage.use();

  it.each([DESKTOP, PHONE, NARROWEST])(
    'is shown as that text at %o: nothing runs, nothing loads, the page keeps its width',
    async (size) => {
      await list.page.setViewportSize(size);
      const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
      const project = `${script} host ${size.width}`;
      const override = `${OVERRIDE}gnp.exe \u001B[31m${script} 👩‍👩‍👧‍👦`;
      await report(list.server, {
        project,
        exception_type: script + 'W'.repeat(200 - script.length),
        message: override + 'M'.repeat(100_000),
        traceback: `${override}\n  File "<svg onload=alert(3)>${'x'.repeat(5_000)}", line 1`,
        request_url: `javascript:alert(4)//${'u'.repeat(5_000)}`,
        request_method: '<b>GET',
        user_id: script,
        extra: [script, { constructor: script }],
      });
      await list.open(`project=${encodeURIComponent(project)}`);
      await list.total('1 open error matching');
      expect(await list.page.locator('.error .project').textContent()).toBe(project);
      expect(await list.dashboard.scrollsSideways()).toBe(false);
      expect(await list.page.locator('main script, main img, main b').count()).toBe(0);
      expect(await list.page.locator('main a[href*="alert"]').count()).toBe(1);
      expect(await list.page.locator('main a[href^="javascript"]').count()).toBe(0);
      const { x, width } = (await list.page.getByRole('button', { name: /^Resolve/ }).boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(size.width);
    },
  );
});

describe('marks of direction in every field of an error', () => {
  const list = ListPage.use();
  const marked = (text: string) => `${OVERRIDE}${text}`;
  const file = ['srv', 'shop', 'cart.py'].map(marked).join('/');
  const fields = {
    project: marked('directions'),
    exception_type: marked('KeyError'),
    message: marked('not in the cart'),
    traceback: `Traceback (most recent call last):\n  File "${file}", line 31, in ${marked('add')}\nKeyError: x`,
    request_method: marked('GET'),
    request_url: marked('https://shop.example.com/cart'),
    user_id: marked('user'),
    request_headers: { [marked('Accept')]: marked('text/html') },
    extra: { [marked('cart')]: marked('full') },
  };

  let id: number;

  beforeAll(async () => {
    ({ id } = await report(list.server, fields));
  });

  it('do not move the line of a place nor what stands beside it in the list', async () => {
    await list.open('');
    const row = list.page.locator('.error');
    await standInOrder(row.locator('.project'), row.locator('.folder'), row.locator('.file'), lineOf(row));
    await standInOrder(row.locator('.place'), row.locator('.source'), row.locator('.count'));
  });

  it('do not move the line of a frame, the button behind the address, nor a value behind its name', async () => {
    await list.page.goto(`${list.server.url}/errors/${id}`);
    await list.page.locator('.occurrence').waitFor();
    for (const place of [list.page.locator('.figures .place'), list.page.locator('.frame-place')]) {
      await standInOrder(place.locator('.folder'), place.locator('.file'), lineOf(place));
    }
    await standInOrder(list.page.locator('.frame .function'), list.page.locator('.frame-place'));
    await standInOrder(list.page.locator('.request'), list.page.getByRole('button', { name: 'Copy URL' }));
    await standInOrder(list.page.locator('.values th'), list.page.locator('.values td span'));
    await standInOrder(list.page.locator('.json .leaf .key'), list.page.locator('.json .leaf .string'));
  });

  /** `:31` of a place */
  function lineOf(holder: Locator): Locator {
    return holder.getByText(/^:31$/);
  }

  async function standInOrder(...parts: Locator[]): Promise<void> {
    const boxes = await Promise.all(parts.map(async (part) => (await part.boundingBox())!));
    for (const [index, box] of boxes.entries()) {
      expect(box.width).toBeGreaterThan(0);
      const next = boxes[index + 1];
      if (next) expect(next.x).toBeGreaterThanOrEqual(box.x + box.width - 1);
    }
  }
});
