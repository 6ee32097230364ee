import type { ErrorSummary } from '../api-answers.js';
import { announce, button, element } from '../elements.js';
import { formatCount } from '../text.js';
import { pageSize } from './filters.js';

/** The server's clock is known to the second. */
const clockToleranceMs = 1_000;

/** Says how many errors wait to be shown above the list, which does not jump under the finger by itself. */
export class NewErrorsBar {
  readonly element = element('div', { class: 'new-errors', hidden: '' });
  private shownText = '';

  constructor(private readonly onShow: () => void) {}

  /**
   * @param unseen errors of the page as it is by now that are not shown; some may only have moved up from the next
   * @param readAt when the page that is shown was read, by the server's clock
   */
  show(unseen: readonly ErrorSummary[], readAt: Date): void {
    const since = new Date(readAt.getTime() - clockToleranceMs);
    const created = unseen.filter(({ first_seen: first }) => new Date(first) >= since).length;
    const reported = unseen.filter(({ last_seen: last }) => new Date(last) >= since).length;
    // Nothing that is shown is on the page any more: there may be further ones behind it.
    const more = unseen.length >= pageSize ? '+' : '';
    const parts = [
      created > 0 ? `${formatCount(created)}${more} new` : '',
      reported > created ? `${formatCount(reported - created)}${more} seen again` : '',
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
