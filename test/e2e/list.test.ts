import type { Locator, Route } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { DESKTOP, PHONE, report } from '../support/dashboard-page';
import { anEvent, errorsOf, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { ListPage } from '../support/list-page';

describe.each([
  ['a desktop', DESKTOP],
  ['a phone', PHONE],
])('the list of errors on %s', (_, size) => {
  const list = ListPage.use(size);

  it('shows type, message, project, place, source, count, chart, times and state of each error, the latest first', async () => {
    await report(list.server, { project: 'list', exception_type: 'OlderError' });
    const twice = { project: 'list', exception_type: 'LaterError', message: 'first line\n  second line' };
    await report(list.server, twice);
    await report(list.server, { ...twice, request_method: 'BROWSER' });
    await open('project=list');
    await list.total('2 open errors matching');
    expect(await list.page.locator('.error .title').allTextContents()).toEqual(['LaterError', 'OlderError']);

    const later = list.row('LaterError');
    expect(await later.locator('.line').textContent()).toBe('first line second line');
    expect(await later.locator('.project').textContent()).toBe('list');
    expect(await later.locator('.place').textContent()).toBe('LaterError.py:1');
    expect(await later.locator('.source').textContent()).toBe('server');
    expect(await later.locator('.count').textContent()).toBe('2 reports');
    expect(await later.locator('.state').textContent()).toBe('Open');
    const chart = later.getByRole('img', { name: '2 reports in the last 24 hours, at most 2 in an hour' });
    await chart.waitFor();
    for (const time of await later.locator('time').all()) {
      expect(await time.textContent()).toMatch(/^(just now|\d+m ago)$/);
      expect(await time.getAttribute('title')).toMatch(
        /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)$/,
      );
    }
    expect(await later.locator('time').count()).toBe(2);

    await list.page.getByRole('radio', { name: '14 d' }).check();
    await later.getByRole('img', { name: '2 reports in the last 14 days, at most 2 in a day' }).waitFor();
    expect(new URL(list.page.url()).searchParams.get('chart')).toBe('14d');
  });

  it('is filtered by project, state and source, and keeps the choice in the address', async () => {
    await report(list.server, { project: 'filter-a', exception_type: 'StaysOpen' });
    const { id } = await report(list.server, { project: 'filter-a', exception_type: 'WasResolved' });
    await report(list.server, {
      project: 'filter-a',
      exception_type: 'InBrowser',
      request_method: 'BROWSER',
    });
    await report(list.server, { project: 'FILTER-C', exception_type: 'OfAnotherProject' });
    await report(list.server, { project: 'filter-b', exception_type: 'OfAnotherProject' });
    await list.server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
    await open('');
    await choice('Project').selectOption('filter-a');
    const projects = await choice('Project')
      .getByRole('option', { name: /^filter/i })
      .allTextContents();
    expect(projects).toEqual(['filter-a', 'filter-b', 'FILTER-C']);
    await list.total('2 open errors matching');
    await choice('Source').selectOption('server');
    await list.total('1 open error matching');

    await list.page.getByRole('radio', { name: 'Resolved' }).check();
    await list.total('1 resolved error matching');
    await list.row('WasResolved').waitFor();
    await list.page.getByRole('radio', { name: 'All' }).check();
    await list.total('2 errors matching');
    expect(new URL(list.page.url()).search).toBe('?state=all&project=filter-a&source=server');

    await list.page.reload();
    await list.total('2 errors matching');
    await list.page.goBack();
    await list.total('1 resolved error matching');
    expect(await choice('Project').inputValue()).toBe('filter-a');
    expect(await list.page.getByRole('radio', { name: 'Resolved' }).isChecked()).toBe(true);
    await list.page.goForward();
    await list.total('2 errors matching');
  });

  it('is narrowed to a time and sorted, each with its address', async () => {
    await list.report('times', 'Rare', 'Frequent', 'Frequent', 'Frequent', 'Latest', 'Rare');
    await open('project=times');
    await titles(['Rare', 'Latest', 'Frequent']);
    await choice('Sort by').selectOption('count');
    await titles(['Frequent', 'Rare', 'Latest']);
    await choice('Sort by').selectOption('first_seen');
    await titles(['Latest', 'Frequent', 'Rare']);
    expect(new URL(list.page.url()).searchParams.get('sort')).toBe('first_seen');

    await choice('Last seen within').selectOption('1h');
    await list.total('3 open errors matching');
    await open('project=times&until=2020-01-01T00:00:00Z');
    await list.page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    expect(await choice('Last seen within').inputValue()).toBe('custom');

    await open('project=times');
    await choice('Last seen within').selectOption('custom');
    await list.page.getByLabel('Last seen: from').fill('2020-01-01T10:00');
    await list.page.getByLabel('Last seen: from').blur();
    await list.total('3 open errors matching');
    expect(new URL(list.page.url()).searchParams.get('since')).toMatch(/^20(19|20)-.*Z$/);
  });

  it('is searched while typing, also for text that means something elsewhere', async () => {
    const hostile = `100%_sure "quoted' <b>&amp; \\ ?#`;
    await report(list.server, { project: 'search', exception_type: 'HaystackError', message: 'plain hay' });
    await report(list.server, {
      project: 'search',
      exception_type: 'NeedleError',
      message: `found ${hostile}`,
    });
    await open('project=search');
    await list.total('2 open errors matching');
    await list.press('/');
    await list.page.keyboard.type(hostile);
    await list.total('1 open error matching');
    await list.row('NeedleError').waitFor();
    expect(new URL(list.page.url()).searchParams.get('search')).toBe(hostile);

    await list.search().fill('nothing is called this');
    await list.page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    await list.page.getByRole('button', { name: 'Clear filters' }).click();
    await list.page.waitForURL(`${list.server.url}/`);
    expect(await list.search().inputValue()).toBe('');
  });

  it('is narrowed by what reports had, each shown as something that can be taken away', async () => {
    const markup = '<b>"eu"</b> & 100%';
    const project = await eventProject('facets');
    const send = (type: string, changes: Record<string, unknown>) =>
      sendEvent(
        list.server,
        project,
        anEvent({ exception: { values: [{ type, value: 'it broke' }] }, ...changes }),
      );
    await send('Both', { level: 'warning', tags: { region: markup, os: 'Linux' }, user: { id: 'ada' } });
    await send('Production', { release: 'shop@2' });
    await send('Staging', { environment: 'staging', tags: { region: markup } });
    await list.report('facets', 'Native');
    await open('project=facets&state=all&level=warning');
    await list.total('1 error matching');
    await list.row('Both').getByText('warning', { exact: true }).waitFor();
    expect(await choice('Environment').isVisible()).toBe(size === DESKTOP);
    await chip('level: warning').click();
    await list.total('4 errors matching');
    expect(await list.row('Production').locator('.level').count()).toBe(0);

    await open('project=facets&state=all');
    await list.total('4 errors matching');
    await moreFilters().getByText('More filters').click();
    await choice('Environment').getByText('staging').waitFor({ state: 'attached' });
    await choice('Environment').selectOption('production');
    await list.total('2 errors matching');
    await choice('Release').focus();
    await list.page.locator('#releases option[value="shop@2"]').waitFor({ state: 'attached' });
    await choice('User').fill('ada');
    await list.press('Enter');
    await list.total('1 error matching');
    await choice('Tag').focus();
    await list.page.locator('#tags option[value="region:"]').waitFor({ state: 'attached' });
    await choice('Tag').pressSequentially(`region: ${markup}`);
    await list.press('Enter');
    await chip(`region: ${markup}`).waitFor();
    expect(await choice('Tag').inputValue()).toBe('');
    await list.total('1 error matching');
    expect([...new URL(list.page.url()).searchParams]).toEqual([
      ['state', 'all'],
      ['project', 'facets'],
      ['environment', 'production'],
      ['user', 'ada'],
      ['tag', `region:${markup}`],
    ]);
    expect(await seriousProblems(list.page)).toEqual([]);
    expect(await list.dashboard.scrollsSideways()).toBe(false);

    await chip('environment: production').focus();
    await list.press('Enter');
    await chip('user: ada').and(list.page.locator(':focus')).waitFor();
    await list.press('Enter');
    await list.total('2 errors matching');
    await list.row('Staging').locator('.title').click();
    await list.page.waitForURL(/\/errors\/\d+\?.*tag=region/);
    await list.page.goBack();
    await list.total('2 errors matching');
    await list.page.getByRole('button', { name: 'Clear filters' }).click();
    await list.page.waitForURL(`${list.server.url}/`);
    expect(await list.page.locator('.chip').count()).toBe(0);
    await list.page.locator('summary:focus').waitFor();
  });

  it('leads from the id of an event to its error, and says when it knows none', async () => {
    const project = await eventProject('found');
    const eventId = `${size.width}`.padStart(32, 'e');
    await sendEvent(list.server, project, anEvent({ event_id: eventId }));
    const [error] = await errorsOf(list.server, 'found');
    await sendEvent(list.server, await eventProject('found later'), anEvent({ event_id: eventId }));
    const [later] = await errorsOf(list.server, 'found later');
    await open('');
    await list.search().fill(eventId.toUpperCase());
    const line = list.page.getByText('belongs to');
    await line.waitFor();
    expect(await line.textContent()).toBe(
      `Event ${eventId.slice(0, 8).toUpperCase()}… belongs to error ${later!.id} in found later; the same id came to error ${error!.id} in found`,
    );
    await list.page.getByRole('heading', { name: 'No open error matches' }).waitFor({ state: 'detached' });
    await line.getByRole('link').last().click();
    await list.page.waitForURL(`${list.server.url}/errors/${error!.id}?state=all&event=${eventId}`);
    await list.page.getByText('1 of 1', { exact: true }).waitFor();

    await open(`search=${eventId.replace('e', 'f')}`);
    await list.page.getByText('No event with this id is known here.').waitFor();
    await list.page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    await list.search().fill(eventId.slice(1));
    await list.page.getByText('No event with this id is known here.').waitFor({ state: 'detached' });
  });

  it('opens the very report of an event on Enter, or says that it is not kept', async () => {
    const project = await eventProject('kept');
    const idOf = (number: number) => `${size.width}${number}`.padStart(32, 'd');
    for (let number = 1; number <= 6; number++)
      await sendEvent(
        list.server,
        project,
        anEvent({ event_id: idOf(number), tags: { number: `no-${number}` } }),
      );
    const [error] = await errorsOf(list.server, 'kept');
    const occurrences = list.page.getByRole('region', { name: 'Occurrences' });
    const enter = async (id: string) => {
      await list.search().fill(id);
      await list.press('Enter');
    };

    await open('project=kept');
    // Whoever has been at the error before sees the report all the same.
    await list.page.locator('.error .title').click();
    await occurrences.getByText('1 of 5', { exact: true }).waitFor();
    await list.page.goBack();
    await enter(idOf(4));
    await list.page.waitForURL(`${list.server.url}/errors/${error!.id}?state=all&event=${idOf(4)}`);
    await occurrences.getByText('3 of 5', { exact: true }).waitFor();
    await occurrences.getByText('no-4').first().waitFor();
    await occurrences
      .getByRole('heading', { name: 'Occurrences' })
      .and(list.page.locator(':focus'))
      .waitFor();
    expect((await occurrences.boundingBox())!.y).toBeLessThan(size.height / 2);
    await list.page.reload();
    await occurrences.getByText('3 of 5', { exact: true }).waitFor();

    await open('');
    await list.search().fill(idOf(1));
    await list.page.getByText('keeps the newest five reports, and not this one any more').waitFor();
    await list.press('Enter');
    await occurrences.getByText(/^The report of event dddddddd… is not kept any more/).waitFor();
    await occurrences.getByText('1 of 5', { exact: true }).waitFor();
    expect(await list.dashboard.scrollsSideways()).toBe(false);
    await list.press(']');
    await occurrences.getByText('2 of 5', { exact: true }).waitFor();
  });

  it('never shows the late answer of an older search', async () => {
    await list.report('late', 'SlowAnswer', 'QuickAnswer');
    const held: Route[] = [];
    await list.page.route(/search=SlowAnswer/, (route) => void held.push(route));
    await open('project=late');
    await list.total('2 open errors matching');
    const aborted = list.page.waitForEvent('requestfailed', (request) =>
      request.url().includes('SlowAnswer'),
    );
    const asked = list.page.waitForRequest(/search=SlowAnswer/);
    await list.search().fill('SlowAnswer');
    await asked;
    await list.search().fill('QuickAnswer');
    await aborted;
    await list.total('1 open error matching');
    await list.row('QuickAnswer').waitFor();
    expect(held).toHaveLength(1);
  });

  it('is paged, and a page has its own address', async () => {
    await list.report('paging', ...Array.from({ length: 53 }, (_, number) => `Error${number}`));
    await open('project=paging');
    await list.page.getByText('1–50 of 53', { exact: true }).waitFor();
    expect(await list.page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await list.page.getByRole('button', { name: 'Next' }).click();
    await list.page.getByText('51–53 of 53', { exact: true }).waitFor();
    await titles(['Error2', 'Error1', 'Error0']);
    expect(await list.page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await list.page.reload();
    await list.page.getByText('51–53 of 53', { exact: true }).waitFor();
    await list.row('Error1').locator('.title').click();
    await list.page.waitForURL(/\/errors\/\d+\?/);
    await list.page.goBack();
    await list.page.getByText('51–53 of 53', { exact: true }).waitFor();
    await list.page.getByRole('button', { name: 'Previous' }).click();
    await list.page.getByText('1–50 of 53', { exact: true }).waitFor();

    await open('project=paging&offset=5000');
    await list.page.getByText('51–53 of 53', { exact: true }).waitFor();
  });

  describe('an error', () => {
    it('leaves the open ones when it is resolved, and undoing brings it back', async () => {
      await list.report('resolving', 'NextInLine', 'ToBeResolved');
      await open('project=resolving');
      await list.action('ToBeResolved').click();
      await list.total('1 open error matching');
      await list.focused('NextInLine');
      expect(await list.resolved('resolving')).toEqual(['ToBeResolved']);

      await list.toast('1 error resolved').getByRole('button', { name: 'Undo' }).click();
      await list.total('2 open errors matching');
      expect(await list.resolved('resolving')).toEqual([]);
      await list.toast('1 error reopened').waitFor();
    });

    it('is reopened where all are shown', async () => {
      const [id] = await list.report('reopening', 'WasResolved');
      await list.server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await open('project=reopening&state=all');
      await list.row('WasResolved').getByText('Resolved', { exact: true }).waitFor();
      await list.action('WasResolved').click();
      await list.row('WasResolved').getByText('Open', { exact: true }).waitFor();
      expect(await list.resolved('reopening')).toEqual([]);
    });

    it('is told apart when it cannot be resolved, and stays as it was', async () => {
      await list.report('failing', 'StaysOpen');
      await open('project=failing');
      await list.page.route('**/api/errors/bulk', (route) =>
        route.fulfill({ status: 500, json: { detail: 'The disk is <b>full</b>.', request_id: 'req-4712' } }),
      );
      await list.action('StaysOpen').click();
      await list.toast('Nothing was resolved: The disk is <b>full</b>. (request id req-4712)').waitFor();
      expect(await list.row('StaysOpen').locator('.state').textContent()).toBe('Open');
      expect(await list.row('StaysOpen').getAttribute('aria-busy')).toBe('false');
    });
  });

  it('changes several errors at once: resolves with undo, reopens, and deletes after asking', async () => {
    const project = 'several';
    await list.report(project, 'One', 'Two', 'Three');
    await open(`project=${project}`);
    await list.select('Two', 'Three');
    await list.page.getByText('2 selected').waitFor();
    await list.tool('Resolve').click();
    await list.toast('2 errors resolved').waitFor();
    await list.total('1 open error matching');
    await list.press('u');
    await list.total('3 open errors matching');
    expect(await list.resolved(project)).toEqual([]);

    await list.page.getByLabel('Select all on this page').check();
    await list.page.getByText('3 selected').waitFor();
    await list.tool('Delete …').click();
    await list.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await list.total('3 open errors matching');
    await list.page.getByLabel('Select all on this page').uncheck();
    await list.select('One');
    await list.tool('Delete …').click();
    await list.page.getByRole('dialog').getByRole('button', { name: 'Delete this error' }).click();
    await list.toast('1 error deleted').waitFor();
    await list.total('2 open errors matching');
    const { body } = await list.server.call(`/api/errors?project=${project}`);
    expect(body.total).toBe(2);
  });

  async function open(query: string): Promise<void> {
    await list.page.goto(`${list.server.url}/?${query}`);
    await list.page.getByRole('search').waitFor();
  }

  function eventProject(name: string): Promise<EventProject> {
    return makeEventProject(list.server, name);
  }

  function moreFilters(): Locator {
    return list.page.locator('.more-filters');
  }

  function chip(text: string): Locator {
    return list.page.getByRole('button', { name: `Remove ${text}` });
  }

  function choice(name: string): Locator {
    return list.page.getByLabel(name, { exact: true });
  }

  async function titles(expected: string[]): Promise<void> {
    for (const [index, title] of expected.entries()) {
      await list.page.locator('.error .title').nth(index).getByText(title, { exact: true }).waitFor();
    }
    expect(await list.page.locator('.error .title').count()).toBe(expected.length);
  }
});
