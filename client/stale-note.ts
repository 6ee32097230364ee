import { element } from './elements.js';
import { localTime } from './time.js';

/** Says above what is shown that it may be out of date, and of when it is. */
export class StaleNote {
  readonly element = element('p', { class: 'stale', hidden: '' });

  /** @param readAt when what is shown was read; `null`: it is up to date */
  show(readAt: Date | null): void {
    this.element.hidden = readAt === null;
    if (readAt) this.say(`No connection: this is how it was at ${localTime(readAt).slice(-8)}.`);
  }

  say(text: string): void {
    this.element.hidden = false;
    this.element.textContent = text;
  }
}
