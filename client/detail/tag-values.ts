import type { TagValues } from '../api-answers.js';
import { button, element } from '../elements.js';
import { formatCount } from '../text.js';
import { focusItem } from './focus-item.js';
import { tagLink } from './tag-link.js';

const shownAtFirst = 4;

/** The values of a tag, each of which leads to all errors that had it. Of many the first few, until all are asked for. */
export function tagValues({ name, values, more }: TagValues): HTMLElement {
  const list = element('ul', { class: 'tag-values' });
  const add = (some: readonly string[]) =>
    list.append(...some.map((value) => element('li', {}, tagLink(name, value))));
  const andMore = () => {
    if (more) list.append(element('li', { class: 'nothing' }, 'and others'));
  };
  // One value alone takes no more room than the button.
  const isCut = values.length > shownAtFirst + 1;
  add(isCut ? values.slice(0, shownAtFirst) : values);
  if (!isCut) {
    andMore();
    return list;
  }
  const rest = values.slice(shownAtFirst);
  const all = element('li');
  all.append(
    button(
      `${formatCount(rest.length)}${more ? '+' : ''} more`,
      () => {
        all.remove();
        add(rest);
        andMore();
        focusItem(list.children[shownAtFirst]);
      },
      { class: 'link' },
    ),
  );
  list.append(all);
  return list;
}
