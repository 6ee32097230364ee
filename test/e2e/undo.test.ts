import { DESKTOP, PHONE } from '../support/dashboard-page';
import { ListPage } from '../support/list-page';

const NARROWEST = { width: 320, height: 600 };

describe('undoing what was done to errors of the list', () => {
  const list = ListPage.use();

  it('brings back all that was resolved in quick succession', async () => {
    await list.report('quick', 'Fourth', 'Third', 'Second', 'First');
    await list.open('project=quick');
    await list.press('j');
    for (const next of ['Second', 'Third', 'Fourth']) {
      await list.press('e');
      await list.focused(next);
    }
    await list.toast('3 errors resolved').waitFor();
    await list.press('u');
    await list.toast('3 errors reopened').waitFor();
    await list.total('4 open errors matching');
    expect(await list.resolved('quick')).toEqual([]);
  });

  it('brings back only what was done last once something else was done', async () => {
    const [resolved] = await list.report('other-way', 'WasResolved', 'Second', 'First');
    await list.server.call(`/api/errors/${resolved}/resolve`, { method: 'POST' });
    await list.open('project=other-way&state=all');
    await list.action('First').click();
    await list.toast('1 error resolved').waitFor();
    await list.action('WasResolved').click();
    await list.toast('1 error reopened').waitFor();
    await list.action('Second').click();
    await list.toast('1 error resolved').getByRole('button', { name: 'Undo' }).click();
    await list.toast('1 error reopened').waitFor();
    expect(await list.resolved('other-way')).toEqual(['First']);
  });

  it('takes back no more at once than the API takes', async () => {
    await list.report('many', 'Second', 'First');
    await list.open('project=many');
    const changed = Array.from({ length: 500 }, (_, index) => index + 1);
    await list.page.route(
      '**/api/errors/bulk',
      (route) => route.fulfill({ json: { action: 'resolve', changed, unchanged: [], unknown: [] } }),
      { times: 1 },
    );
    await list.action('First').click();
    await list.toast('500 errors resolved').waitFor();
    await list.action('Second').click();
    await list.toast('1 error resolved').waitFor();
    await list.press('u');
    await list.toast('1 error reopened').waitFor();
  });

  it('stays possible after two presses on the same row, which send one request', async () => {
    await list.report('twice', 'Other', 'Pressed');
    await list.open('project=twice');
    const sent = list.count(/\/api\/errors\/bulk$/);
    const letGo = await list.hold('**/api/errors/bulk');
    await list.action('Pressed').click();
    await list.action('Pressed').click();
    await letGo();
    await list.toast('1 error resolved').getByRole('button', { name: 'Undo' }).click();
    await list.total('2 open errors matching');
    expect(await list.resolved('twice')).toEqual([]);
    // The one that resolves and the one that takes it back.
    expect(sent()).toBe(2);
  });

  it.each([DESKTOP, PHONE, NARROWEST])(
    'covers nothing of the bar of the next selection at %o',
    async (size) => {
      await list.page.setViewportSize(size);
      const project = `covered-${size.width}`;
      await list.report(project, ...Array.from({ length: 25 }, (_, number) => `Error${number}`));
      await list.open(`project=${project}`);
      await list.action('Error24').click();
      await list.select('Error23', 'Error22');
      await list.toast('1 error resolved').waitFor();
      for (const name of ['Resolve', 'Reopen', 'Delete …', 'Clear']) {
        expect(await list.pressed(list.tool(name))).toBe(name);
      }
      const undo = list.toast('1 error resolved').getByRole('button', { name: 'Undo' });
      expect(await list.pressed(undo)).toBe('Undo');
    },
  );
});
