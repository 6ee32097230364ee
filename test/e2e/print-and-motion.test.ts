import { ListPage } from '../support/list-page';

/** A4 upright and sideways, at 96 dots an inch, without its margins. */
const PAPER_WIDTHS = [718, 1047];

describe('the list of errors', () => {
  const list = ListPage.use();

  it.each(PAPER_WIDTHS)(
    'printed %d px wide leaves room for type and message, and controls out',
    async (width) => {
      await list.page.setViewportSize({ width, height: 1_000 });
      await list.report('print', 'Printed', 'AlsoPrinted');
      await list.open('project=print&state=all');
      await list.select('Printed');
      await list.page.emulateMedia({ media: 'print' });
      for (const what of await list.page.locator('.error .what').all()) {
        expect((await what.boundingBox())!.width).toBeGreaterThanOrEqual(300);
      }
      for (const gone of ['.top', '.filters', '.selection', '.error .action', '.error .box']) {
        expect([gone, await list.page.locator(gone).first().isVisible()]).toEqual([gone, false]);
      }
      for (const kept of ['.title', '.line', '.count', '.seen', '.sparkline']) {
        expect([kept, await list.page.locator(`.error ${kept}`).first().isVisible()]).toEqual([kept, true]);
      }
      expect(await list.dashboard.scrollsSideways()).toBe(false);
    },
  );

  it.each([
    ['keeps still for somebody who wants no motion', 'reduce', false],
    ['shows by motion that something is under way to everybody else', 'no-preference', true],
  ] as const)('%s', async (_, reducedMotion, isMoving) => {
    await list.page.emulateMedia({ reducedMotion });
    await list.page.route('**/api/events', (route) => route.abort('connectionrefused'));
    await list.hold('**/api/errors?*');
    await list.page.goto(list.server.url);
    await list.live('connecting');
    await list.page.getByRole('status', { name: 'Loading errors' }).waitFor();
    expect((await list.page.evaluate<number>('document.getAnimations().length')) > 0).toBe(isMoving);
  });
});
