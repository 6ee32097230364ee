import { ListPage } from '../support/list-page';

describe('the list of errors by keyboard', () => {
  const list = ListPage.use();

  it('is worked with by keys alone', async () => {
    await list.report('alone', 'Third', 'Second', 'First');
    await list.open('project=alone');
    await list.press('j');
    await list.focused('First');
    await list.press('j');
    await list.focused('Second');
    await list.press('x');
    await list.page.getByText('1 selected').waitFor();
    await list.press('Escape');
    await list.page.getByText('1 selected').waitFor({ state: 'hidden' });
    await list.press('k');
    await list.focused('First');
    await list.press('e');
    await list.toast('1 error resolved').waitFor();
    await list.focused('Second');
    await list.press('?');
    await list.page.getByRole('dialog').getByText('Resolve or reopen the error, or all selected').waitFor();
    await list.press('Escape');
    await list.press('Enter');
    await list.page.waitForURL(/\/errors\/\d+\?project=alone$/);
    await list.page.goBack();
    await list.focused('Second');
  });

  it('leaves letters that are typed into a field alone', async () => {
    await list.report('typing', 'NotTouched');
    await list.open('project=typing');
    await list.search().pressSequentially('exkuj?');
    await list.page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    expect(await list.search().inputValue()).toBe('exkuj?');
    expect(await list.resolved('typing')).toEqual([]);
  });

  describe('leaves Enter and arrows to the control that has the focus', () => {
    it('such as a link of the header', async () => {
      await list.report('enter', 'AnError');
      await list.open('project=enter');
      await list.page.getByRole('link', { name: 'Projects' }).press('Enter');
      await list.page.waitForURL('**/projects');
    });

    it('such as “Forget key”', async () => {
      await list.report('enter', 'AnError');
      await list.open('project=enter');
      await list.page.getByRole('button', { name: 'Forget key' }).press('Enter');
      await list.dashboard.keyField().waitFor();
    });

    it('such as the button of a row', async () => {
      await list.report('enter-button', 'Other', 'Pressed');
      await list.open('project=enter-button');
      await list.action('Pressed').press('Enter');
      await list.toast('1 error resolved').waitFor();
      expect(await list.resolved('enter-button')).toEqual(['Pressed']);
      expect(new URL(list.page.url()).pathname).toBe('/');
    });

    it('such as the choice of a state', async () => {
      const [, id] = await list.report('arrows', 'Open', 'Resolved');
      await list.server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await list.open('project=arrows');
      await list.page.getByRole('radio', { name: 'Open' }).press('ArrowDown');
      await list.total('1 resolved error matching');
      await list.page.getByRole('radio', { name: 'Resolved' }).press('ArrowRight');
      await list.total('2 errors matching');
      await list.page.getByRole('radio', { name: 'All' }).press('ArrowUp');
      await list.total('1 resolved error matching');
    });
  });

  it.each(['Enter', 'o'])('opens the row that has the focus with %s', async (key) => {
    await list.report('opening', 'Below', 'Above');
    await list.open('project=opening');
    await list.press('j', 'j');
    await list.focused('Below');
    await list.press(key);
    await list.page.getByRole('heading', { level: 1, name: 'Below' }).waitFor();
  });

  it('resolves one error only for as long as the key is held', async () => {
    await list.report('holding', 'Fourth', 'Third', 'Second', 'First');
    await list.open('project=holding');
    const sent = list.count(/\/api\/errors\/bulk$/);
    await list.press('j');
    await list.page.keyboard.down('e');
    await list.focused('Second');
    for (let repeat = 0; repeat < 5; repeat++) await list.page.keyboard.down('e');
    await list.page.keyboard.up('e');
    await list.press('e');
    await list.focused('Third');
    expect(sent()).toBe(2);
    expect((await list.resolved('holding')).sort()).toEqual(['First', 'Second']);
  });

  it('goes on from row to row for as long as the key is held', async () => {
    await list.report('moving', 'Third', 'Second', 'First');
    await list.open('project=moving');
    for (let repeat = 0; repeat < 3; repeat++) await list.page.keyboard.down('j');
    await list.page.keyboard.up('j');
    await list.focused('Third');
  });
});
