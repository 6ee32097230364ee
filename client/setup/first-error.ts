import type { ProjectDetails } from '../api-answers.js';
import { element, Segments } from '../elements.js';
import type { Shell } from '../page.js';
import { CodeExample } from './code-example.js';
import { IngestKeyChoice } from './ingest-key-choice.js';
import { examples, type Language, languages } from './examples.js';
import { TestError } from './test-error.js';

/** How to send a first error, from here and from a program. */
export class FirstError {
  readonly element: HTMLElement;
  private readonly choice: Segments;
  private readonly addressNote = element('p', { class: 'hint outside', hidden: '' });
  private readonly groups: Record<Language, HTMLElement>;
  private readonly shown: CodeExample[] = [];
  private readonly testError: TestError;
  private readonly keyChoice = new IngestKeyChoice((chosen) => {
    for (const example of this.shown) example.showIngestKey(chosen);
  });

  constructor(shell: Shell) {
    this.testError = new TestError(shell);
    this.choice = new Segments('Send from', 'language', languages, (language) =>
      this.choose(language as Language),
    );
    const group = (language: Language, ...notes: HTMLElement[]) => {
      const made = examples[language].map((example) => new CodeExample(example, shell.toasts));
      this.shown.push(...made);
      return element('div', { class: 'examples' }, ...notes, ...made.map((example) => example.element));
    };
    this.groups = {
      curl: group('curl'),
      python: group('python'),
      node: group('node'),
      browser: group('browser', this.keyChoice.element),
    };
    this.element = element(
      'section',
      { class: 'part', id: 'first-error', 'aria-labelledby': 'first-error-title' },
      element(
        'div',
        { class: 'part-head' },
        element('h2', { id: 'first-error-title' }, 'Send a first error'),
      ),
      this.testError.element,
      element('p', {}, 'Then send one from where your code runs:'),
      this.choice.element,
      this.addressNote,
      ...Object.values(this.groups),
    );
    this.choice.choose('curl');
    this.choose('curl');
    this.showAddress(null);
  }

  /** @param baseUrl where the server was told that people reach it; `null` when it was not told, or is not known */
  showAddress(baseUrl: string | null): void {
    const address = baseUrl ?? location.origin;
    for (const example of this.shown) example.showAddress(address);
    this.addressNote.hidden = address === location.origin;
    this.addressNote.textContent = `The examples use ${address}, as BASE_URL says; this page itself was opened at ${location.origin}.`;
  }

  /** Has the example for a page use one of their ingest keys. */
  showProjects(projects: readonly ProjectDetails[]): void {
    this.keyChoice.show(projects);
  }

  leave(): void {
    this.testError.leave();
  }

  private choose(chosen: Language): void {
    for (const [language, group] of Object.entries(this.groups)) group.hidden = language !== chosen;
  }
}
