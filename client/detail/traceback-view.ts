import { button, element, Segments } from '../elements.js';
import { exceptionList, type Heading, openFrames } from './exception-list.js';
import { frameList } from './frame-list.js';
import { longText } from './long-text.js';
import type { Stack } from './stack.js';

type View = 'frames' | 'text';

const longestTextShown = 30_000;

/**
 * A stack as exceptions with their source, or as the frames of a traceback, where there are any, or as the text that was
 * sent. The choice holds for what is shown next.
 */
export class TracebackView {
  readonly element: HTMLElement;
  private readonly body = element('div', { class: 'traceback' });
  private readonly views: Segments;
  private readonly note = element('span', { class: 'hint' });
  private readonly expand = button('Expand all', () => this.toggleAll());
  private view: View = 'frames';
  private stack: Stack | null = null;
  private said: Heading | null = null;
  private areAllOpen = false;

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
        this.note,
        element(
          'div',
          { class: 'panel-tools' },
          this.expand,
          this.views.element,
          button('Copy', () => copy(this.stack?.traceback ?? ''), {
            'aria-label': `Copy the ${title.toLowerCase()}`,
          }),
        ),
      ),
      this.body,
    );
  }

  /** @param said what the page says already */
  show(stack: Stack, said: Heading): void {
    this.stack = stack;
    this.said = said;
    this.note.textContent = stack.note;
    this.views.element.hidden = !this.hasFrames;
    this.render();
  }

  /** Frames become text, and text becomes frames. */
  toggle(): void {
    if (this.hasFrames) this.choose(this.view === 'frames' ? 'text' : 'frames');
  }

  private get hasFrames(): boolean {
    if (!this.stack) return false;
    return this.stack.exceptions !== null || (this.stack.frames?.length ?? 0) > 0;
  }

  private choose(view: View): void {
    this.view = view;
    this.render();
  }

  private render(): void {
    this.views.choose(this.view);
    this.expand.hidden = true;
    if (!this.stack) return;
    const { traceback, frames, exceptions, platform } = this.stack;
    if (this.view === 'frames' && exceptions) {
      const list = exceptionList(exceptions, this.said);
      // What Python sends of a variable is text that has its quotes already.
      if (platform === 'python') list.classList.add('of-python');
      this.body.replaceChildren(list);
      this.expand.hidden = !list.querySelector('.source-frame, .fold');
      this.noteAllOpen(false);
    } else if (this.view === 'frames' && frames?.length) this.body.replaceChildren(frameList(frames));
    else if (traceback.trim() === '')
      this.body.replaceChildren(element('p', { class: 'nothing' }, 'None was sent.'));
    else this.body.replaceChildren(this.text(traceback));
  }

  private toggleAll(): void {
    this.noteAllOpen(!this.areAllOpen);
    openFrames(this.body, this.areAllOpen);
  }

  private noteAllOpen(areAllOpen: boolean): void {
    this.areAllOpen = areAllOpen;
    this.expand.textContent = areAllOpen ? 'Collapse all' : 'Expand all';
  }

  private text(traceback: string): HTMLElement {
    const holder = element('pre', { tabindex: '0', role: 'region', 'aria-label': `${this.title} as text` });
    return longText(holder, traceback, longestTextShown);
  }
}
