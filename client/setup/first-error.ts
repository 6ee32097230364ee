import type { ProjectDetails } from '../api-answers.js';
import { element } from '../elements.js';
import type { Shell } from '../page.js';
import { ExampleChoice } from './example-choice.js';
import { httpExamples } from './http-examples.js';
import { IngestKeyChoice } from './ingest-key-choice.js';
import { sdkExamples } from './sdk-examples.js';
import { TestError } from './test-error.js';

/** How to send a first error: from here, with a Sentry SDK, and from a program without any library. */
export class FirstError {
  readonly element: HTMLElement;
  private readonly addressNote = element('p', { class: 'hint outside', hidden: '' });
  private readonly testError: TestError;
  private readonly withSdk: ExampleChoice;
  private readonly withHttp: ExampleChoice;
  private readonly keyChoice: IngestKeyChoice;

  constructor(shell: Shell) {
    const { toasts } = shell;
    this.testError = new TestError(shell);
    this.withSdk = new ExampleChoice('Sentry SDK for', 'sdk', sdkExamples, toasts);
    this.withHttp = new ExampleChoice('Send from', 'language', httpExamples, toasts);
    this.keyChoice = new IngestKeyChoice(toasts, (chosen) => {
      this.withSdk.showIngestKey(chosen);
      this.withHttp.showIngestKey(chosen);
    });
    this.element = element(
      'section',
      { class: 'part', id: 'first-error', 'aria-labelledby': 'first-error-title' },
      element(
        'div',
        { class: 'part-head' },
        element('h2', { id: 'first-error-title' }, 'Send a first error'),
      ),
      this.testError.element,
      element('p', {}, 'Then send one from where your code runs.'),
      this.addressNote,
      way(
        'sentry-sdk',
        'With a Sentry SDK',
        'Every SDK of Sentry reports here when it is given the DSN of an ingest key. Where one is in use already, nothing else changes.',
        this.keyChoice.element,
        ...this.withSdk.elements,
      ),
      way(
        'plain-http',
        'With plain HTTP',
        'A report is one POST of JSON; nothing needs to be installed.',
        ...this.withHttp.elements,
      ),
    );
    this.showAddress(null);
  }

  /** @param baseUrl where the server was told that people reach it; `null` when it was not told, or is not known */
  showAddress(baseUrl: string | null): void {
    const address = baseUrl ?? location.origin;
    this.withSdk.showAddress(address);
    this.withHttp.showAddress(address);
    this.addressNote.hidden = address === location.origin;
    this.addressNote.textContent = `The examples use ${address}, as BASE_URL says; this page itself was opened at ${location.origin}.`;
  }

  /** Has the examples use one of their ingest keys. */
  showProjects(projects: readonly ProjectDetails[]): void {
    this.keyChoice.show(projects);
  }

  leave(): void {
    this.testError.leave();
  }
}

function way(id: string, title: string, hint: string, ...more: HTMLElement[]): HTMLElement {
  return element(
    'section',
    { class: 'way', id, 'aria-labelledby': `${id}-title` },
    element('h3', { id: `${id}-title` }, title),
    element('p', {}, hint),
    ...more,
  );
}
