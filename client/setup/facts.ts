import { element } from '../elements.js';

type Fact = readonly [name: string, ...values: (Node | string)[]];

/** Names with what is known about each. */
export function facts(rows: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts-table' },
    ...rows.flatMap(([name, ...values]) => [
      element('dt', {}, name),
      element('dd', { class: 'outside' }, ...values),
    ]),
  );
}
