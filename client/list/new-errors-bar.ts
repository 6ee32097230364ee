import type { ErrorSummary } from '../api-answers.js';
import { announce, button, element } from '../elements.js';
import { formatCount } from '../text.js';

/** Says how many errors wait to be shown above the list, which does not jump under the finger by itself. */
export class NewErrorsBar {
  readonly element = element('div', { class: 'new-errors', hidden: '' });
  private shownText = '';

  constructor(private readonly onShow: () => void) {}

  /** @param since when the list was read that is shown */
  show(errors: readonly ErrorSummary[], since: Date): void {
    const created = errors.filter(({ first_seen: first }) => new Date(first) >= since).length;
    const parts = [
      created > 0 ? `${formatCount(created)} new` : '',
      errors.length > created ? `${formatCount(errors.length - created)} seen again` : '',
    ];
    const text = parts.filter(Boolean).join(', ');
    if (text === this.shownText) return;
    this.shownText = text;
    this.element.hidden = text === '';
    this.element.replaceChildren(button(text, this.onShow, { title: 'Show them' }));
    if (text) announce(text);
  }

  hide(): void {
    this.shownText = '';
    this.element.hidden = true;
  }
}
