import { setTimeout as delay } from 'node:timers/promises';
import { ListPage } from '../support/list-page';

/** What the dashboard takes for new is as exact as the clocks are: to two seconds. */
const CLOCK_MS = 2_000;

describe('the announcement of new errors', () => {
  const list = ListPage.use();

  describe('of a list of two pages', () => {
    const types = Array.from({ length: 55 }, (_, number) => `Error${number}`);

    it('keeps silent about an error that moves up since somebody else has resolved one', async () => {
      const ids = await list.report('moving-up', ...types);
      await delay(CLOCK_MS);
      await list.open('project=moving-up');
      await list.server.call(`/api/errors/${ids.at(-1)}/resolve`, { method: 'POST' });
      await list.total('54 open errors matching');
      expect(await list.newErrors().isVisible()).toBe(false);

      await list.report('moving-up', 'Error0');
      await list.newErrors('1 seen again').click();
      await list.row('Error0').waitFor();
    });

    it('is not made on the second page', async () => {
      await list.report('second-page', ...types);
      await list.open('project=second-page&offset=50');
      await list.report('second-page', 'NewOne');
      await list.total('56 open errors matching');
      expect(await list.newErrors().isVisible()).toBe(false);
    });
  });

  it.each([
    ['ahead', 5 * 60_000],
    ['behind', -5 * 60_000],
  ])('calls a new error new in a browser whose clock is five minutes %s', async (name, aheadMs) => {
    await list.page.clock.install({ time: Date.now() + aheadMs });
    await list.report(name, 'Known', 'Shown');
    await list.open(`project=${name}`);
    await list.report(name, 'NewOne', 'NewTwo');
    await list.newErrors('2 new').waitFor();
  });
});
