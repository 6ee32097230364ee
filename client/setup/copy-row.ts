import { copyText } from '../copy-text.js';
import { button, element } from '../elements.js';
import type { Toasts } from '../toasts.js';

/** A value in full with a button that copies it. */
export class CopyRow {
  readonly element: HTMLElement;
  private readonly value = element('code');

  /** @param what it is, within a sentence: `ingest key` */
  constructor(
    title: string,
    private readonly what: string,
    private readonly toasts: Toasts,
  ) {
    this.element = element(
      'div',
      { class: 'copy-row' },
      element('span', { class: 'hint' }, title),
      this.value,
      button('Copy', () => void this.copy(), { 'aria-label': `Copy the ${what}` }),
    );
  }

  show(value: string): void {
    // What is selected in it stays selected.
    if (this.value.textContent !== value) this.value.textContent = value;
  }

  private async copy(): Promise<void> {
    const isCopied = await copyText(this.value.textContent);
    this.toasts.show(
      isCopied
        ? `Copied the ${this.what}`
        : `This browser refuses to copy; select the ${this.what} and copy it by hand`,
    );
  }
}
