import { element, Segments } from '../elements.js';
import type { Toasts } from '../toasts.js';
import { CodeExample } from './code-example.js';
import type { ChosenKey, Example } from './example.js';

/** The examples of one language. */
export interface LanguageExamples {
  /** what the choice calls it */
  title: string;
  examples: readonly Example[];
  /** stands above them */
  note?: () => HTMLElement;
}

/** Examples in several languages, of which one is shown. */
export class ExampleChoice {
  readonly elements: readonly HTMLElement[];
  private readonly groups: Readonly<Record<string, HTMLElement>>;
  private readonly shown: readonly CodeExample[];

  /**
   * @param label of the choice, for screen readers
   * @param name of the choice, unique in the page
   * @param languages in the order of the choice; the first one is chosen
   */
  constructor(
    label: string,
    name: string,
    languages: Readonly<Record<string, LanguageExamples>>,
    toasts: Toasts,
  ) {
    const made = Object.entries(languages).map(([language, { title, examples, note }]) => {
      const shown = examples.map((example) => new CodeExample(example, toasts));
      const notes = note ? [note()] : [];
      const group = element('div', { class: 'examples' }, ...notes, ...shown.map((one) => one.element));
      return { language, title, shown, group };
    });
    this.shown = made.flatMap(({ shown }) => shown);
    this.groups = Object.fromEntries(made.map(({ language, group }) => [language, group]));
    const titles = Object.fromEntries(made.map(({ language, title }) => [language, title]));
    const choice = new Segments(label, name, titles, (language) => this.choose(language));
    this.elements = [choice.element, ...Object.values(this.groups)];
    const [first = ''] = Object.keys(languages);
    choice.choose(first);
    this.choose(first);
  }

  showAddress(address: string): void {
    for (const example of this.shown) example.showAddress(address);
  }

  /** @param chosen null while there is no ingest key */
  showIngestKey(chosen: ChosenKey | null): void {
    for (const example of this.shown) example.showIngestKey(chosen);
  }

  private choose(chosen: string): void {
    for (const [language, group] of Object.entries(this.groups)) group.hidden = language !== chosen;
  }
}
