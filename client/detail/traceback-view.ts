import type { Frame } from '../api-answers.js';
import { button, element, Segments } from '../elements.js';
import { frameList } from './frame-list.js';
import { longText } from './long-text.js';

type View = 'frames' | 'text';

const longestTextShown = 30_000;

/** A traceback as frames, where it has any, or as the text that was sent. The choice holds for what is shown next. */
export class TracebackView {
  readonly element: HTMLElement;
  private readonly body = element('div', { class: 'traceback' });
  private readonly views: Segments;
  private readonly language = element('span', { class: 'hint' });
  private view: View = 'frames';
  private traceback = '';
  private frames: readonly Frame[] = [];

  /**
   * @param name is unique in the page
   * @param copy puts the text on the clipboard
   */
  constructor(
    private readonly title: string,
    name: string,
    copy: (text: string) => void,
  ) {
    this.views = new Segments('Show the stack trace as', name, { frames: 'Frames', text: 'Text' }, (view) =>
      this.choose(view as View),
    );
    this.element = element(
      'section',
      { class: 'panel', 'aria-label': title },
      element(
        'div',
        { class: 'panel-head' },
        element('h2', {}, title),
        this.language,
        element(
          'div',
          { class: 'panel-tools' },
          this.views.element,
          button('Copy', () => copy(this.traceback), { 'aria-label': `Copy the ${title.toLowerCase()}` }),
        ),
      ),
      this.body,
    );
  }

  show(traceback: string, frames: readonly Frame[] | null, language: string | null): void {
    this.traceback = traceback;
    this.frames = frames ?? [];
    this.language.textContent = language ?? '';
    this.views.element.hidden = this.frames.length === 0;
    this.render();
  }

  /** Frames become text, and text becomes frames. */
  toggle(): void {
    if (this.frames.length > 0) this.choose(this.view === 'frames' ? 'text' : 'frames');
  }

  private choose(view: View): void {
    this.view = view;
    this.render();
  }

  private render(): void {
    this.views.choose(this.view);
    const isEmpty = this.traceback.trim() === '';
    if (isEmpty) this.body.replaceChildren(element('p', { class: 'nothing' }, 'None was sent.'));
    else if (this.view === 'frames' && this.frames.length > 0) {
      this.body.replaceChildren(frameList(this.frames));
    } else this.body.replaceChildren(this.text());
  }

  private text(): HTMLElement {
    const holder = element('pre', { tabindex: '0', role: 'region', 'aria-label': `${this.title} as text` });
    return longText(holder, this.traceback, longestTextShown);
  }
}
