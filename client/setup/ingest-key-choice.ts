import type { ProjectDetails } from '../api-answers.js';
import { element, select } from '../elements.js';
import type { Toasts } from '../toasts.js';
import { CopyRow } from './copy-row.js';
import type { ChosenKey } from './example.js';

/** Which ingest key the examples have in them, and its DSN. */
export class IngestKeyChoice {
  readonly element: HTMLElement;
  private readonly list: HTMLSelectElement;
  private readonly dsn: CopyRow;
  private readonly choice: HTMLElement;
  private readonly missing = element(
    'p',
    { class: 'hint', hidden: '' },
    'There is no ingest key yet: ',
    element('a', { href: '#ingest-keys' }, 'make one'),
    ', and it will be filled in here.',
  );
  private keys: (ChosenKey & { label: string })[] = [];

  constructor(
    toasts: Toasts,
    private readonly onChoose: (chosen: ChosenKey | null) => void,
  ) {
    this.list = select('Ingest key of the examples', {}, () => this.tell());
    this.dsn = new CopyRow('DSN', 'DSN', toasts);
    this.choice = element('div', { class: 'key-choice', hidden: '' }, this.list, this.dsn.element);
    this.element = element('div', {}, this.missing, this.choice);
  }

  /** @param projects those of one page of them; a chosen key of another page stays chosen */
  show(projects: readonly ProjectDetails[]): void {
    const before = this.chosen;
    const isElsewhere = before !== undefined && !projects.some(({ name }) => name === before.project);
    const named = projects.flatMap(({ name: project, keys }) =>
      keys.map(({ key, name, dsn }) => ({ key, project, dsn: dsn ?? '', label: `${project} · ${name}` })),
    );
    this.keys = isElsewhere ? [before, ...named] : named;
    this.list.replaceChildren(...this.keys.map(({ label }, index) => new Option(label, String(index))));
    const kept = this.keys.findIndex(({ key }) => key === before?.key);
    this.list.value = String(Math.max(kept, 0));
    this.choice.hidden = this.keys.length === 0;
    this.missing.hidden = this.keys.length > 0;
    this.tell();
  }

  private get chosen() {
    return this.keys[Number(this.list.value)];
  }

  private tell(): void {
    const chosen = this.chosen ?? null;
    this.dsn.show(chosen?.dsn ?? '');
    this.onChoose(chosen);
  }
}
