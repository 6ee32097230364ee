import type { IngestKeyDetails } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { confirmDialog } from '../confirm-dialog.js';
import { button, element } from '../elements.js';
import type { Shell } from '../page.js';
import { formatCount } from '../text.js';
import { timeElement } from '../time.js';
import { CopyRow } from './copy-row.js';
import { perMinute, SmallForm } from './small-form.js';

/** One key in force: its DSN and the key itself to be copied, and what can be done with it. */
export class IngestKeyItem {
  readonly element: HTMLElement;
  private readonly name = element('span', { class: 'key-name outside' });
  private readonly use = element('span', { class: 'hint' });
  private readonly dsn: CopyRow;
  private readonly key: CopyRow;
  private readonly form: SmallForm;
  private readonly changing = button('Change', () => this.toggleForm(), { 'aria-expanded': 'false' });
  private shown: IngestKeyDetails | null = null;

  /** @param onChanged has the projects read again */
  constructor(
    private readonly shell: Shell,
    private readonly projectId: number,
    private readonly onChanged: () => Promise<void>,
  ) {
    this.dsn = new CopyRow('DSN', 'DSN', shell.toasts);
    this.key = new CopyRow('Key', 'ingest key', shell.toasts);
    this.form = new SmallForm(
      'Save the key',
      [
        { name: 'name', label: 'Name, for people', maxLength: 100, stays: true },
        { name: 'limit', label: 'Requests a minute; 0 is no limit', kind: 'number', stays: true },
      ],
      (values) => this.change(values),
    );
    this.element = element(
      'li',
      {},
      element(
        'div',
        { class: 'key-head' },
        this.name,
        this.use,
        element(
          'span',
          { class: 'key-buttons' },
          this.changing,
          button('Revoke', () => void this.revoke(), { class: 'danger' }),
        ),
      ),
      this.form.element,
      this.dsn.element,
      this.key.element,
    );
    this.form.element.hidden = true;
  }

  show(ingestKey: IngestKeyDetails): void {
    this.shown = ingestKey;
    const { key, dsn, name, rate_limit_per_minute: limit, last_used_at: lastUsed } = ingestKey;
    this.name.textContent = name;
    this.use.replaceChildren(
      ...(lastUsed === null ? ['never used'] : ['last used ', timeElement(lastUsed)]),
      limit === 0 ? '' : `, at most ${formatCount(limit)} a minute`,
    );
    this.dsn.element.hidden = dsn === null;
    this.dsn.show(dsn ?? '');
    this.key.show(key);
    this.form.set('name', name);
    this.form.set('limit', String(limit));
  }

  private async change({ name = '', limit = '' }: Record<string, string>): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    await this.shell.api.changeIngestKey(this.projectId, shown.id, name, perMinute(limit));
    this.shell.toasts.show(`Saved the ingest key ${name.trim()}`);
    this.toggleForm();
    this.changing.focus();
    // Not waited for: what is shown next finds the fields settled.
    void this.onChanged();
  }

  private toggleForm(): void {
    const { element: form } = this.form;
    form.hidden = !form.hidden;
    this.changing.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) form.querySelector('input')?.focus();
  }

  private async revoke(): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    const { id, name } = shown;
    const isSure = await confirmDialog(
      `Revoke the ingest key ${name}?`,
      'Whatever reports with it is refused from then on, and nothing brings the key back.',
      'Revoke the key',
    );
    if (!isSure) return;
    try {
      await this.shell.api.revokeIngestKey(this.projectId, id);
      this.shell.toasts.show(`Revoked the ingest key ${name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure !== 'unauthorized')
        this.shell.toasts.show(`The key was not revoked: ${error.message}`);
    }
    await this.onChanged();
  }
}
