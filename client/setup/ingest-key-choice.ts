import type { ProjectDetails } from '../api-answers.js';
import { element, select } from '../elements.js';
import type { ChosenKey } from './code-example.js';

/** Which ingest key the example for a page has in it. */
export class IngestKeyChoice {
  readonly element: HTMLElement;
  private readonly list: HTMLSelectElement;
  private readonly choice: HTMLElement;
  private readonly missing = element(
    'p',
    { class: 'hint' },
    'There is no ingest key yet: ',
    element('a', { href: '#ingest-keys' }, 'make one'),
    ', and it will be filled in here.',
  );
  private keys: ChosenKey[] = [];

  constructor(private readonly onChoose: (chosen: ChosenKey | null) => void) {
    this.list = select('Ingest key of the example', {}, () => this.tell());
    this.choice = element('div', { class: 'key-choice', hidden: '' }, this.list);
    this.element = element(
      'div',
      { class: 'browser-note' },
      element(
        'p',
        {},
        'An ingest key may only send reports of its own project, and read nothing: it may stand in a page, where everybody ' +
          'can read it. Never put the API key there. The project must name the origin of the page among its ',
        element('a', { href: '#ingest-keys' }, 'allowed origins'),
        ', or the browser keeps the page from reporting.',
      ),
      this.missing,
      this.choice,
    );
  }

  show(projects: readonly ProjectDetails[]): void {
    const before = this.keys[Number(this.list.value)]?.key;
    const named = projects.flatMap(({ name: project, keys }) =>
      keys.map(({ key, name }) => ({ key, project, label: `${project} · ${name}` })),
    );
    this.keys = named;
    this.list.replaceChildren(...named.map(({ label }, index) => new Option(label, String(index))));
    const kept = named.findIndex(({ key }) => key === before);
    this.list.value = String(Math.max(kept, 0));
    this.choice.hidden = named.length === 0;
    this.missing.hidden = named.length > 0;
    this.tell();
  }

  private tell(): void {
    this.onChoose(this.keys[Number(this.list.value)] ?? null);
  }
}
