import { ApiError } from '../api-error.js';
import { announce, element } from '../elements.js';
import { isBusy, setBusy } from './busy.js';
import { inWords } from './in-words.js';

interface Field {
  name: string;
  label: string;
  value?: string;
  maxLength?: number;
  kind?: 'text' | 'number' | 'lines';
  /** whether what was sent goes on standing there, since it is now so; else the field is as it was before */
  stays?: boolean;
}

/** A limit as it was written, as a number where it is one: the server says what is wrong with any other. */
export function perMinute(written: string): number | string {
  return /^\d+$/.test(written.trim()) ? Number(written) : written;
}

let forms = 0;

/** A few fields and a button; what the server says against them is shown beneath. */
export class SmallForm {
  readonly element: HTMLFormElement;
  private readonly inputs: Record<string, HTMLInputElement | HTMLTextAreaElement> = {};
  private readonly problem = element('p', { class: 'problem outside', role: 'alert' });
  private readonly submit: HTMLButtonElement;
  private readonly staying: ReadonlySet<string>;

  /** @param send does it; what it throws is shown, and the fields stay as they are */
  constructor(
    verb: string,
    fields: readonly Field[],
    private readonly send: (values: Record<string, string>) => Promise<void>,
  ) {
    const number = ++forms;
    this.staying = new Set(fields.filter(({ stays }) => stays).map(({ name }) => name));
    this.submit = element('button', { type: 'submit' }, verb);
    this.element = element(
      'form',
      { class: 'small-form', novalidate: '' },
      ...fields.map((field) => this.makeField(field, `form-${number}-${field.name}`)),
      this.submit,
      this.problem,
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.run();
    });
  }

  set(name: string, value: string): void {
    const input = this.inputs[name];
    // What somebody is writing must not change under the hands.
    if (input && input.value === input.defaultValue) input.value = input.defaultValue = value;
  }

  focus(): void {
    Object.values(this.inputs)[0]?.focus();
  }

  private makeField({ name, label, value = '', maxLength, kind = 'text' }: Field, id: string): HTMLElement {
    const attributes = { id, name, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };
    const input =
      kind === 'lines'
        ? element('textarea', { ...attributes, rows: '3' })
        : element('input', {
            ...attributes,
            type: 'text',
            ...(kind === 'number' && { inputmode: 'numeric' }),
            ...(maxLength !== undefined && { maxlength: String(maxLength) }),
          });
    input.value = input.defaultValue = value;
    this.inputs[name] = input;
    return element('div', { class: 'field' }, element('label', { for: id }, label), input);
  }

  private async run(): Promise<void> {
    if (isBusy(this.submit)) return;
    setBusy(this.submit, true);
    this.problem.textContent = '';
    const values = Object.fromEntries(
      Object.entries(this.inputs).map(([name, input]) => [name, input.value]),
    );
    try {
      await this.send(values);
      for (const [name, input] of Object.entries(this.inputs)) {
        if (this.staying.has(name)) input.defaultValue = input.value;
        else input.value = input.defaultValue;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem.textContent = inWords(error.message, values.origins);
      announce(this.problem.textContent);
    } finally {
      setBusy(this.submit, false);
    }
  }
}
