import type { IngestKeyDetails, ProjectDetails } from '../api-answers.js';
import { element } from '../elements.js';
import type { Shell } from '../page.js';
import { showNodes } from '../show-nodes.js';
import { plural } from '../text.js';
import { listOrigins } from './in-words.js';
import { IngestKeyItem } from './ingest-key-item.js';
import { perMinute, SmallForm } from './small-form.js';

/** One project: its keys, and what can be done with it. */
export class ProjectCard {
  readonly element: HTMLElement;
  private readonly name = element('h3', { class: 'outside' });
  private readonly id = element('span', { class: 'hint' });
  private readonly keys = element('ul', { class: 'keys' });
  private readonly noKey = element('li', { class: 'hint' }, 'No ingest key.');
  /** by id, like the cards themselves */
  private items = new Map<number, IngestKeyItem>();
  private readonly newKey: HTMLDetailsElement;
  private readonly keyForm: SmallForm;
  private readonly originsTitle = element('summary');
  private readonly originsForm: SmallForm;
  private project: ProjectDetails | null = null;

  /** @param onChanged has the projects read again */
  constructor(
    private readonly shell: Shell,
    private readonly onChanged: () => Promise<void>,
  ) {
    this.keyForm = new SmallForm(
      'Make the key',
      [
        { name: 'name', label: 'Name, for people', value: 'default', maxLength: 100 },
        { name: 'limit', label: 'Requests a minute; 0 is no limit', value: '0', kind: 'number' },
      ],
      (values) => this.makeKey(values),
    );
    this.newKey = element('details', {}, element('summary', {}, 'New ingest key'), this.keyForm.element);
    this.originsForm = new SmallForm(
      'Save the origins',
      [
        {
          name: 'origins',
          label: 'One on each line: https://shop.example.com, https://*.example.com, or * for any page',
          kind: 'lines',
          stays: true,
        },
      ],
      (values) => this.saveOrigins(values),
    );
    this.element = element(
      'article',
      { class: 'project-card' },
      element('div', { class: 'card-head' }, this.name, this.id),
      this.keys,
      this.newKey,
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
        ? 'Allowed origins: none named, so that pages may report with Sentry SDKs only'
        : `Allowed origins: ${origins.length <= 2 ? origins.join(', ') : plural(origins.length, 'origin')}`;
    this.originsForm.set('origins', origins.join('\n'));
    this.showKeys(id, keys);
  }

  /** Has somebody go on at the form for a key. */
  startKey(): void {
    this.newKey.open = true;
    this.element.scrollIntoView({ block: 'nearest' });
    this.keyForm.focus();
  }

  private showKeys(projectId: number, keys: readonly IngestKeyDetails[]): void {
    const known = this.items;
    this.items = new Map(
      keys.map((key) => {
        const item = known.get(key.id) ?? new IngestKeyItem(this.shell, projectId, this.onChanged);
        item.show(key);
        return [key.id, item];
      }),
    );
    const shown = [...this.items.values()].map((item) => item.element);
    showNodes(this.keys, shown.length === 0 ? [this.noKey] : shown);
  }

  private async makeKey({ name = '', limit = '' }: Record<string, string>): Promise<void> {
    const { project } = this;
    if (!project) return;
    await this.shell.api.createIngestKey(project.id, name, perMinute(limit));
    this.shell.toasts.show(`Made an ingest key for ${project.name}`);
    await this.onChanged();
  }

  private async saveOrigins({ origins = '' }: Record<string, string>): Promise<void> {
    const { project } = this;
    if (!project) return;
    await this.shell.api.setAllowedOrigins(project.id, listOrigins(origins));
    this.shell.toasts.show(`Saved the allowed origins of ${project.name}`);
    await this.onChanged();
  }
}
