import { button, element } from '../elements.js';

const longestShown = 200_000;

/** Shows a text to be copied or saved; `show` fills it in once it has arrived. */
export class TextDialog {
  readonly element: HTMLDialogElement;
  /** for what is said in place of the text */
  readonly notice = element('div', { class: 'notice-place' });
  private readonly field: HTMLTextAreaElement;
  private readonly hint = element('p', { id: 'text-hint' });
  private readonly tools = element('div', { class: 'buttons' });

  constructor(title: string) {
    this.field = element('textarea', {
      readonly: '',
      rows: '16',
      spellcheck: 'false',
      'aria-label': title,
      hidden: '',
    });
    this.element = element(
      'dialog',
      { class: 'text-dialog', 'aria-labelledby': 'text-title', 'aria-describedby': 'text-hint' },
      element('h2', { id: 'text-title' }, title),
      this.hint,
      this.notice,
      this.field,
      this.tools,
    );
    this.element.addEventListener('close', () => this.element.remove());
    this.setTools([]);
    document.body.append(this.element);
    this.element.showModal();
  }

  /** @param tools further buttons beside the one that closes */
  show(hint: string, text: string, tools: HTMLElement[] = []): void {
    const isCut = text.length > longestShown;
    this.hint.textContent = isCut ? `${hint} Only the beginning is shown here.` : hint;
    this.notice.replaceChildren();
    this.field.hidden = false;
    this.field.value = text.slice(0, longestShown);
    this.setTools(tools);
  }

  /** Selects all, so that one press copies it. */
  select(text: string): void {
    this.field.value = text;
    this.field.focus();
    this.field.select();
  }

  private setTools(tools: HTMLElement[]): void {
    this.tools.replaceChildren(
      ...tools,
      button('Close', () => this.element.close()),
    );
  }
}
