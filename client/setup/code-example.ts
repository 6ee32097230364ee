import { findApiKey } from '../api-key.js';
import { copyText } from '../copy-text.js';
import { button, element } from '../elements.js';
import type { Toasts } from '../toasts.js';
import { type Example, keyPlaceholder } from './examples.js';

/** One example with its buttons. The real key goes to the clipboard only, never onto the screen. */
export class CodeExample {
  readonly element: HTMLElement;
  private readonly code = element('code');
  private address = location.origin;

  constructor(
    private readonly example: Example,
    private readonly toasts: Toasts,
  ) {
    const { title, usesKey } = example;
    this.element = element(
      'div',
      { class: 'example' },
      element(
        'div',
        { class: 'example-head' },
        element('h3', {}, title),
        button('Copy', () => void this.copy()),
        usesKey ? button('Copy with key', () => void this.copyWithKey()) : null,
      ),
      element('pre', { tabindex: '0', role: 'region', 'aria-label': `Example: ${title}` }, this.code),
    );
  }

  showAddress(address: string): void {
    this.address = address;
    this.code.textContent = this.example.write(address, keyPlaceholder);
  }

  private async copy(): Promise<void> {
    const isCopied = await copyText(this.example.write(this.address, keyPlaceholder));
    const then = this.example.usesKey ? `; put your key in place of ${keyPlaceholder}` : '';
    this.toasts.show(
      isCopied ? `Copied${then}` : 'This browser refuses to copy; select the text and copy it by hand',
    );
  }

  private async copyWithKey(): Promise<void> {
    const isCopied = await copyText(this.example.write(this.address, findApiKey() ?? keyPlaceholder));
    this.toasts.show(
      isCopied
        ? 'Copied with the key in it; it lets whoever has it read and delete errors'
        : `This browser refuses to copy; copy the text by hand and put your key in place of ${keyPlaceholder}`,
    );
  }
}
