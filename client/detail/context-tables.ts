import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine, plural } from '../text.js';
import { jsonTree } from './json-tree.js';
import { valueTable } from './value-table.js';

/** Contexts that clients fill by themselves, in the order in which they are shown. */
const known: Readonly<Record<string, string>> = {
  browser: 'Browser',
  client_os: 'Operating system of the client',
  runtime: 'Runtime',
  os: 'Operating system',
  device: 'Device',
  app: 'App',
  gpu: 'GPU',
  culture: 'Culture',
  response: 'Response',
  cloud_resource: 'Cloud resource',
  trace: 'Trace',
};
const longestNameShown = 100;
const mostShown = 60;

/** Each context under its name: a table when clients fill it by themselves, else a tree. */
export function contextTables(contexts: Record<string, Record<string, unknown>>): HTMLElement {
  const order = Object.keys(known);
  const rank = (name: string) => (isKnown(name) ? order.indexOf(name) : order.length);
  const entries = Object.entries(contexts).sort(([one], [other]) => rank(one) - rank(other));
  const shown = entries.slice(0, mostShown);
  const rest = Object.fromEntries(entries.slice(mostShown));
  return element(
    'div',
    { class: 'contexts' },
    ...shown.map(([name, context]) => cardOf(name, context)),
    entries.length > mostShown ? cardOf(plural(entries.length - mostShown, 'further context'), rest) : null,
  );
}

function cardOf(name: string, context: Record<string, unknown>): HTMLElement {
  const title = isKnown(name) ? known[name] : undefined;
  const given = Object.fromEntries(Object.entries(context).filter(([, value]) => value !== null));
  return element(
    'section',
    { class: 'context' },
    element('h4', { class: 'outside' }, title ?? oneLine(readable(name), longestNameShown)),
    title ? valueTable(given, title) : jsonTree(context),
  );
}

function isKnown(name: string): boolean {
  return Object.hasOwn(known, name);
}
