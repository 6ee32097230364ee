import { ApiError } from '../api-error.js';
import { element } from '../elements.js';

const pauseMs = 200;

/** Texts that a field offers while somebody writes in it. Where they cannot be read, it offers none. */
export class Suggestions {
  readonly element: HTMLDataListElement;
  private request = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param id of the list, unique in the page
   * @param load gives what goes on from what is written
   * @param onChosen called when one of them is taken
   */
  constructor(
    private readonly field: HTMLInputElement,
    id: string,
    private readonly load: (written: string, signal: AbortSignal) => Promise<readonly string[]>,
    onChosen: () => void,
  ) {
    this.element = element('datalist', { id });
    field.setAttribute('list', id);
    field.addEventListener('focus', () => this.offer(0));
    field.addEventListener('input', (input) => {
      if (isTaken(input) && this.has(field.value)) onChosen();
      this.offer(pauseMs);
    });
  }

  leave(): void {
    clearTimeout(this.timer);
    this.request.abort();
  }

  private offer(afterMs: number): void {
    this.leave();
    const { signal } = (this.request = new AbortController());
    this.timer = setTimeout(() => void this.read(signal), afterMs);
  }

  private async read(signal: AbortSignal): Promise<void> {
    let texts: readonly string[] = [];
    try {
      texts = await this.load(this.field.value.trim(), signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error;
    }
    if (!signal.aborted) this.element.replaceChildren(...texts.map((text) => new Option(text, text)));
  }

  private has(text: string): boolean {
    return [...this.element.options].some(({ value }) => value === text);
  }
}

/** Browsers tell of a text that was taken from a list in one of two ways. */
function isTaken(input: Event): boolean {
  return !(input instanceof InputEvent) || input.inputType === 'insertReplacementText';
}
