import { DESKTOP, PHONE, report } from '../support/dashboard-page';
import { ListPage } from '../support/list-page';
import { RestartedServer } from '../support/restarted-server';

/** A change is told within a second, and the list is read at most every three. */
const UNTIL_READ_MS = 4_500;

describe('the list of errors that is left open', () => {
  const list = ListPage.use();

  describe.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('on %s', (_, size) => {
    beforeEach(() => list.page.setViewportSize(size));

    it('announces new errors above, changes figures in place, and moves nothing by itself', async () => {
      const project = `live-${size.width}`;
      await list.report(project, 'Below', 'Above');
      await open(`project=${project}`);
      await list.report(project, 'Below');
      await list.row('Below').locator('.count', { hasText: '2 reports' }).waitFor();
      expect(await titles()).toEqual(['Above', 'Below']);

      await list.report(project, 'NewOne', 'NewTwo');
      await list.newErrors('2 new').click();
      await list.row('NewTwo').waitFor();
      expect(await titles()).toEqual(['NewTwo', 'NewOne', 'Below', 'Above']);
      expect(await list.newErrors().isVisible()).toBe(false);
    });
  });

  it('shows what others resolve and delete', async () => {
    const [resolved, deleted] = await list.report('others', 'Resolved', 'Deleted');
    await open('project=others');
    await list.server.call(`/api/errors/${resolved}/resolve`, { method: 'POST' });
    await list.row('Resolved').locator('.state.resolved').waitFor();
    await list.server.call(`/api/errors/${deleted}`, { method: 'DELETE' });
    await list.row('Deleted').locator('.action').getByText('Deleted').waitFor();
    expect(await titles()).toEqual(['Deleted', 'Resolved']);
  });

  it('is not read again for errors of other projects', async () => {
    await list.report('mine', 'Mine');
    await open('project=mine');
    const read = list.count(/\/api\/errors\?/);
    await list.report('theirs', 'Theirs');
    await list.page.waitForTimeout(UNTIL_READ_MS);
    expect(read()).toBe(0);
    await list.report('mine', 'MineToo');
    await list.newErrors('1 new').waitFor();
  });

  it('does not announce errors that the search does not find', async () => {
    await list.report('searched', 'Needle');
    await open('project=searched&search=Needle');
    const read = list.page.waitForResponse(/\/api\/errors\?/);
    await list.report('searched', 'Hay');
    await (await read).finished();
    await list.report('searched', 'NeedleToo');
    await list.newErrors('1 new').waitFor();
  });

  it('goes from empty to the first error by itself', async () => {
    await list.page.goto(`${list.server.url}/?project=first-ever&state=all`);
    await list.page.getByRole('heading', { name: 'No error matches' }).waitFor();
    await list.live('on');
    await list.report('first-ever', 'TheFirst');
    await list.row('TheFirst').waitFor();
  });

  it('says when it is not live, connects again by itself, and then shows what it missed', async () => {
    const restarted = new RestartedServer();
    try {
      const before = await restarted.start();
      await report(before, { project: 'restart', exception_type: 'Before' });
      await list.open('', before.url);
      await restarted.stop();
      await list.live('connecting');
      await list.row('Before').waitFor();

      const after = await restarted.start();
      await report(after, { project: 'restart', exception_type: 'Meanwhile' });
      await list.live('on');
      await list.newErrors('1 new').click();
      await list.row('Meanwhile').waitFor();
    } finally {
      await restarted.end();
    }
  });

  async function open(query: string): Promise<void> {
    await list.open(query);
    // What is read once the connection stands.
    await list.page.waitForTimeout(500);
  }

  function titles(): Promise<string[]> {
    return list.page.locator('.error .title').allTextContents();
  }
});
