import type { IngestKeyDetails, ProjectDetails } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { confirmDialog } from '../confirm-dialog.js';
import { copyText } from '../copy-text.js';
import { button, element } from '../elements.js';
import type { Shell } from '../page.js';
import { formatCount, plural } from '../text.js';
import { timeElement } from '../time.js';
import { SmallForm } from './small-form.js';

/** One project: its keys, and what can be done with it. */
export class ProjectCard {
  readonly element: HTMLElement;
  private readonly name = element('h3', { class: 'outside' });
  private readonly id = element('span', { class: 'hint' });
  private readonly keys = element('div');
  private readonly originsTitle = element('summary');
  private readonly originsForm: SmallForm;
  private project: ProjectDetails | null = null;

  /** @param onChanged has the projects read again */
  constructor(
    private readonly shell: Shell,
    private readonly onChanged: () => Promise<void>,
  ) {
    const keyForm = new SmallForm(
      'Make the key',
      [
        { name: 'name', label: 'Name, for people', value: 'default', maxLength: 100 },
        { name: 'limit', label: 'Requests a minute; 0 is no limit', value: '0', kind: 'number' },
      ],
      (values) => this.makeKey(values),
    );
    this.originsForm = new SmallForm(
      'Save the origins',
      [
        {
          name: 'origins',
          label: 'One on each line: https://shop.example.com, https://*.example.com, or * for any page',
          kind: 'lines',
        },
      ],
      (values) => this.saveOrigins(values),
    );
    this.element = element(
      'article',
      { class: 'project-card' },
      element('div', { class: 'card-head' }, this.name, this.id),
      this.keys,
      element('details', {}, element('summary', {}, 'New ingest key'), keyForm.element),
      element('details', {}, this.originsTitle, this.originsForm.element),
    );
  }

  show(project: ProjectDetails): void {
    this.project = project;
    const { id, name, keys, allowed_origins: origins } = project;
    this.name.textContent = name;
    this.id.textContent = `id ${id}`;
    this.originsTitle.textContent =
      origins.length === 0
        ? 'Allowed origins: none, so that no page may report'
        : `Allowed origins: ${origins.length <= 2 ? origins.join(', ') : plural(origins.length, 'origin')}`;
    this.originsForm.set('origins', origins.join('\n'));
    this.keys.replaceChildren(
      keys.length === 0
        ? element('p', { class: 'hint' }, 'No ingest key.')
        : element('ul', { class: 'keys' }, ...keys.map((key) => this.keyItem(key))),
    );
  }

  private keyItem(ingestKey: IngestKeyDetails): HTMLElement {
    const { key, name, rate_limit_per_minute: limit, last_used_at: lastUsed } = ingestKey;
    const limited = limit === 0 ? '' : `, at most ${formatCount(limit)} a minute`;
    return element(
      'li',
      {},
      element('span', { class: 'key-name outside' }, name),
      element('code', {}, key),
      element(
        'span',
        { class: 'hint' },
        ...(lastUsed === null ? ['never used'] : ['last used ', timeElement(lastUsed)]),
        limited,
      ),
      element(
        'span',
        { class: 'key-buttons' },
        button('Copy', () => void this.copy(key), { 'aria-label': 'Copy the ingest key' }),
        button('Revoke', () => void this.revoke(ingestKey), { class: 'danger' }),
      ),
    );
  }

  private async makeKey({ name = '', limit = '' }: Record<string, string>): Promise<void> {
    const { project } = this;
    if (!project) return;
    const perMinute = /^\d+$/.test(limit.trim()) ? Number(limit) : limit;
    await this.shell.api.createIngestKey(project.id, name, perMinute);
    this.shell.toasts.show(`Made an ingest key for ${project.name}`);
    await this.onChanged();
  }

  private async saveOrigins({ origins = '' }: Record<string, string>): Promise<void> {
    const { project } = this;
    if (!project) return;
    const list = origins.split(/[\n,]/).map((origin) => origin.trim());
    await this.shell.api.setAllowedOrigins(
      project.id,
      list.filter((origin) => origin !== ''),
    );
    this.shell.toasts.show(`Saved the allowed origins of ${project.name}`);
    await this.onChanged();
  }

  private async copy(key: string): Promise<void> {
    const isCopied = await copyText(key);
    this.shell.toasts.show(
      isCopied ? 'Copied the ingest key' : 'This browser refuses to copy; select the key and copy it by hand',
    );
  }

  private async revoke({ id, name }: IngestKeyDetails): Promise<void> {
    const { project } = this;
    if (!project) return;
    const isSure = await confirmDialog(
      `Revoke the ingest key ${name}?`,
      'Whatever reports with it is refused from then on, and nothing brings the key back.',
      'Revoke the key',
    );
    if (!isSure) return;
    try {
      await this.shell.api.revokeIngestKey(project.id, id);
      this.shell.toasts.show(`Revoked the ingest key ${name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure !== 'unauthorized')
        this.shell.toasts.show(`The key was not revoked: ${error.message}`);
    }
    await this.onChanged();
  }
}
