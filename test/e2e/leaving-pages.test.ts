import { ListPage } from '../support/list-page';

const PROJECT = 'leaving';
const aMoment = 300;

describe('leaving the list of errors', () => {
  const list = ListPage.use();

  beforeAll(async () => {
    await list.report(PROJECT, ...Array.from({ length: 55 }, (_, number) => `Error${number}`));
  });

  describe('right after typing into the search', () => {
    beforeEach(async () => {
      await list.page.clock.install();
      await list.open(`project=${PROJECT}`);
      await list.page.clock.pauseAt(Date.now() + 60_000);
      await list.search().pressSequentially('Error5');
    });

    it('for an error stays at that error', async () => {
      await list.row('Error54').locator('.title').click();
      await list.page.getByRole('heading', { level: 1, name: 'Error54' }).waitFor();
      await list.page.clock.runFor(1_000);
      expect(new URL(list.page.url()).pathname).toMatch(/^\/errors\/\d+$/);
    });

    it('for the projects stays at the projects', async () => {
      await list.page.getByRole('link', { name: 'Projects' }).click();
      await list.page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
      await list.page.clock.runFor(1_000);
      expect(new URL(list.page.url()).pathname).toBe('/projects');
    });
  });

  it('before an answer is there does not lead back, nor read the list elsewhere', async () => {
    await list.report('late', 'Late');
    await list.open('project=late');
    const letGo = await list.hold('**/api/errors/bulk');
    await list.action('Late').click();
    await list.page.getByRole('link', { name: 'Projects' }).click();
    await list.page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    const read = list.count(/\/api\/errors\?/);
    await letGo();
    await list.toast('1 error resolved').waitFor();
    await list.page.waitForTimeout(aMoment);
    expect(new URL(list.page.url()).pathname).toBe('/projects');
    expect(read()).toBe(0);
  });

  it('for an error that is being deleted does not lead back from where one went since', async () => {
    const [id] = await list.report('late', 'Deleted');
    await list.page.goto(`${list.server.url}/errors/${id}`);
    await list.page.getByRole('button', { name: 'Delete …' }).click();
    const letGo = await list.hold('**/api/errors/bulk');
    await list.page.getByRole('button', { name: 'Delete this error' }).click();
    await list.page.getByRole('link', { name: 'Projects' }).click();
    await list.page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    await letGo();
    await list.toast('1 error deleted').waitFor();
    await list.page.waitForTimeout(aMoment);
    expect(new URL(list.page.url()).pathname).toBe('/projects');
  });

  it('finds it scrolled to where it was on the way back', async () => {
    await list.open(`project=${PROJECT}`);
    await list.row('Error20').scrollIntoViewIfNeeded();
    const before = await scrolledTo();
    expect(before).toBeGreaterThan(500);
    await list.row('Error20').locator('.title').click();
    await list.page.getByRole('heading', { level: 1, name: 'Error20' }).waitFor();
    expect(await scrolledTo()).toBe(0);
    await list.page.goBack();
    await list.focused('Error20');
    expect(await scrolledTo()).toBe(before);
  });

  it('closes the question whether to delete an error, and deletes nothing', async () => {
    await list.open(`project=${PROJECT}`);
    await list.row('Error54').locator('.title').click();
    await list.page.getByRole('button', { name: 'Delete …' }).click();
    const dialog = list.page.getByRole('dialog');
    await dialog.waitFor();
    const sent = list.count(/\/api\/errors\/bulk$/);
    await list.page.goBack();
    await list.row('Error54').waitFor();
    await dialog.waitFor({ state: 'hidden' });
    await list.total('55 open errors matching');
    expect(sent()).toBe(0);
  });

  function scrolledTo(): Promise<number> {
    return list.page.evaluate('window.scrollY');
  }
});
