import { report } from '../support/dashboard-page';
import { ListPage } from '../support/list-page';
import { RestartedServer } from '../support/restarted-server';

const LIST = '**/api/errors?*';
const BULK = '**/api/errors/bulk';

describe('what the dashboard says without the answer it hoped for', () => {
  const list = ListPage.use();

  describe('when something was to be done', () => {
    it('tells that nobody knows whether it was, since the answer was lost', async () => {
      await list.report('lost', 'Other', 'Resolved');
      await list.open('project=lost');
      await list.page.route(BULK, async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
      });
      await list.action('Resolved').click();
      const told = list.toast('It is not known whether anything was resolved: ');
      await told.waitFor();
      expect(await told.getByRole('button', { name: 'Undo' }).count()).toBe(0);
      expect(await list.resolved('lost')).toEqual(['Resolved']);
      // It is looked at again what has become of it.
      await list.row('Resolved').locator('.state.resolved').waitFor();
      await list.total('1 open error matching');
    });

    it('tells that too much was asked for, and keeps selection and list', async () => {
      await list.report('refused', 'Third', 'Second', 'First');
      await list.open('project=refused');
      await list.page.route(BULK, (route) =>
        route.fulfill({ status: 429, json: { detail: 'Too many.' }, headers: { 'Retry-After': '7' } }),
      );
      await list.select('First', 'Second');
      await list.tool('Resolve').click();
      await list.toast('Nothing was resolved: too many requests, try again in 7 seconds').waitFor();
      expect(await list.page.locator('.list').getAttribute('aria-busy')).toBe('false');
      expect(await list.page.locator('.error[aria-busy="true"]').count()).toBe(0);
      await list.page.getByText('2 selected').waitFor();
      expect(await list.page.locator('.error.selected .title').allTextContents()).toEqual([
        'First',
        'Second',
      ]);
      await list.page.unroute(BULK);
      await list.tool('Resolve').click();
      await list.toast('2 errors resolved').waitFor();
    });
  });

  describe('when the list was to be read again', () => {
    it.each([
      [429, { detail: 'Too many.' }, /^Too many requests, read again in 2 seconds: this is how it was at /],
      [
        500,
        { detail: 'The disk is full.', request_id: 'req-4713' },
        /^The server could not answer \(500, request id req-4713\): this is how it was at /,
      ],
    ])('tells of a %d above it, and keeps the list', async (status, json, said) => {
      const project = `again-${status}`;
      await list.report(project, 'Shown');
      await list.open(`project=${project}`);
      await list.page.route(LIST, (route) =>
        route.fulfill({ status, json, headers: { 'Retry-After': '2' } }),
      );
      await list.report(project, 'Later');
      const note = list.page.locator('.stale');
      await note.getByText(said).waitFor();
      await list.row('Shown').waitFor();
      await list.page.unroute(LIST);
      await list.newErrors('1 new').waitFor();
      await note.waitFor({ state: 'hidden' });
    });
  });

  it('keeps a list that one comes back to when it cannot be read, and reads it as soon as it may', async () => {
    await list.report('back', 'Kept');
    await list.open('project=back');
    await list.page.getByRole('link', { name: 'Set-up' }).click();
    await list.page.route(LIST, (route) =>
      route.fulfill({ status: 429, json: { detail: 'Too many.' }, headers: { 'Retry-After': '2' } }),
    );
    await list.page.goBack();
    const note = list.page.locator('.stale');
    await note.getByText(/^Too many requests, read again in 2 seconds: this is how it was at /).waitFor();
    await list.row('Kept').waitFor();
    await list.page.unroute(LIST);
    await note.waitFor({ state: 'hidden' });
  });

  describe('when the server was stopped and started again', () => {
    const server = new RestartedServer();
    afterEach(() => server.stop());
    afterAll(() => server.end());

    it.each([
      ['the list', '/', '.error'],
      ['the projects', '/projects', '.project-row'],
      ['an error', '/errors/1', '.detail'],
    ])('shows %s by itself', async (_, path, shown) => {
      const before = await server.start();
      await report(before, { project: 'restart', exception_type: 'StillThere' });
      await list.page.goto(`${before.url}/setup`);
      await list.live('on');
      await server.stop();
      await list.live('connecting');
      await list.page.evaluate(`
        history.pushState(null, '', '${path}');
        dispatchEvent(new PopStateEvent('popstate'));
      `);
      await list.page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
      await server.start();
      await list.page.locator(shown).first().waitFor();
      await list.live('on');
    });
  });

  it('does not take the 404 of a proxy for the word that there is no such error', async () => {
    const [id] = await list.report('proxy', 'Hidden');
    await list.page.route(`**/api/errors/${id}`, (route) =>
      route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>Not Found</h1>' }),
    );
    await list.page.goto(`${list.server.url}/errors/${id}`);
    await list.page.getByRole('heading', { name: 'The server could not answer (404)' }).waitFor();
    await list.page.locator('.notice').getByText('a proxy in between may have given it').waitFor();
    expect(await list.page.getByText('There is no error').count()).toBe(0);
    await list.page.unrouteAll();
    await list.page.getByRole('button', { name: 'Try again' }).click();
    await list.page.getByRole('heading', { level: 1, name: 'Hidden' }).waitFor();
  });
});
