type Child = Node | string | null;

/**
 * Makes an element; strings become text nodes and `null` children are left out.
 * Text from outside may stand in children, `title` and `datetime`, never in any other attribute.
 * `element('p', { class: 'hint' }, 'No errors')`
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(label: string, onClick: () => void, attributes: Record<string, string> = {}) {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

/** The element of index.html with this id; a missing one is a mistake in the page. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} with the id ${id}`);
  return found;
}

/** Says something to screen readers that the eye sees elsewhere. */
export function announce(text: string): void {
  byId('announcement', HTMLElement).textContent = text;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an element of a drawing. Nothing from outside belongs into its attributes. */
export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A choice of one in a list: `select('Sort', { count: 'Most reports' }, onChange)`; the label is for screen readers. */
export function select(
  label: string,
  options: Readonly<Record<string, string>>,
  onChange: (value: string) => void,
): HTMLSelectElement {
  const made = element('select', { 'aria-label': label });
  for (const [value, text] of Object.entries(options)) made.append(new Option(text, value));
  made.addEventListener('change', () => onChange(made.value));
  return made;
}

/** A row of buttons of which one is chosen: `{ open: 'Open', all: 'All' }`. */
export class Segments {
  readonly element: HTMLFieldSetElement;

  /** @param name is unique in the page */
  constructor(
    label: string,
    name: string,
    options: Readonly<Record<string, string>>,
    onChange: (value: string) => void,
  ) {
    const choices = Object.entries(options).map(([value, text]) =>
      element('label', {}, element('input', { type: 'radio', name, value }), element('span', {}, text)),
    );
    this.element = element(
      'fieldset',
      { class: 'segments' },
      element('legend', { class: 'visually-hidden' }, label),
      ...choices,
    );
    this.element.addEventListener('change', (change) => {
      change.stopPropagation();
      if (change.target instanceof HTMLInputElement) onChange(change.target.value);
    });
  }

  choose(value: string): void {
    for (const radio of this.element.querySelectorAll('input')) radio.checked = radio.value === value;
  }
}
