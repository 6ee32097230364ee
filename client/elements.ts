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
