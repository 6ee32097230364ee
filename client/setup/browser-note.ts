import { element } from '../elements.js';

/** What is to be known before a page reports. */
export function browserNote(): HTMLElement {
  return element(
    'p',
    {},
    'An ingest key may only send reports of its own project, and read nothing: it may stand in a page, where everybody ' +
      'can read it. Never put the API key there. The project must name the origin of the page among its ',
    element('a', { href: '#ingest-keys' }, 'allowed origins'),
    ', or the browser keeps the page from reporting.',
  );
}
