import type { Action } from '../api-answers.js';
import { button, element } from '../elements.js';
import { formatCount } from '../text.js';

/** What can be done with the selected errors; hidden while there are none. */
export class SelectionBar {
  readonly element: HTMLElement;
  private readonly text = element('p', { 'aria-live': 'polite' });

  constructor(onAction: (action: Action) => void, onClear: () => void) {
    this.element = element(
      'div',
      { class: 'selection', role: 'toolbar', 'aria-label': 'Selected errors', hidden: '' },
      this.text,
      button('Resolve', () => onAction('resolve')),
      button('Reopen', () => onAction('reopen')),
      button('Delete …', () => onAction('delete'), { class: 'danger' }),
      button('Clear', onClear, { class: 'link' }),
    );
  }

  show(selected: number): void {
    this.element.hidden = selected === 0;
    this.text.textContent = `${formatCount(selected)} selected`;
  }
}
