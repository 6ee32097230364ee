import { findApiKey } from '../api-key.js';
import { copyText } from '../copy-text.js';
import { button, element } from '../elements.js';
import type { Toasts } from '../toasts.js';
import { type Example, placeholders } from './examples.js';

/** An ingest key, and the project that it is for. */
export interface ChosenKey {
  key: string;
  project: string;
}

/**
 * One example with its buttons. The real API key goes to the clipboard only, never onto the screen; an ingest key is
 * shown, since it will stand in a page anyway.
 */
export class CodeExample {
  readonly element: HTMLElement;
  private readonly code = element('code');
  private address = location.origin;
  private chosen: ChosenKey | null = null;

  constructor(
    private readonly example: Example,
    private readonly toasts: Toasts,
  ) {
    const { title, key } = example;
    this.element = element(
      'div',
      { class: 'example' },
      element(
        'div',
        { class: 'example-head' },
        element('h3', {}, title),
        button('Copy', () => void this.copy()),
        key === 'api' ? button('Copy with key', () => void this.copyWithKey()) : null,
      ),
      element('pre', { tabindex: '0', role: 'region', 'aria-label': `Example: ${title}` }, this.code),
    );
  }

  showAddress(address: string): void {
    this.address = address;
    this.code.textContent = this.write();
  }

  /** @param chosen null while there is no ingest key */
  showIngestKey(chosen: ChosenKey | null): void {
    this.chosen = chosen;
    this.code.textContent = this.write();
  }

  private write(apiKey: string = placeholders.api): string {
    const { example, address, chosen } = this;
    if (example.key === 'api') return example.write(address, apiKey, 'my-app');
    return example.write(address, chosen?.key ?? placeholders.ingest, chosen?.project ?? 'my-web-app');
  }

  private async copy(): Promise<void> {
    const isCopied = await copyText(this.write());
    const isComplete = this.example.key === 'ingest' && this.chosen !== null;
    const then = isComplete ? '' : `; put your key in place of ${placeholders[this.example.key]}`;
    this.toasts.show(
      isCopied ? `Copied${then}` : 'This browser refuses to copy; select the text and copy it by hand',
    );
  }

  private async copyWithKey(): Promise<void> {
    const isCopied = await copyText(this.write(findApiKey() ?? placeholders.api));
    this.toasts.show(
      isCopied
        ? 'Copied with the key in it; it lets whoever has it read and delete errors'
        : `This browser refuses to copy; copy the text by hand and put your key in place of ${placeholders.api}`,
    );
  }
}
