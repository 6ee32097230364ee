import { findApiKey } from '../api-key.js';
import { copyText } from '../copy-text.js';
import { button, element } from '../elements.js';
import type { Toasts } from '../toasts.js';
import { type ChosenKey, type Example, placeholderKey, placeholders } from './example.js';

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
        element('h4', {}, title),
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
    const ingest = chosen ?? placeholderKey(address);
    return example.write(
      example.key === 'api' ? { ...ingest, address, key: apiKey, project: 'my-app' } : { ...ingest, address },
    );
  }

  private async copy(): Promise<void> {
    const text = this.write();
    const placeholder = placeholders[this.example.key];
    const isCopied = await copyText(text);
    const then = text.includes(placeholder) ? `; put your key in place of ${placeholder}` : '';
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
