import { element } from '../elements.js';

const safety =
  'An ingest key may only send reports of its own project, and read nothing: it may stand in a page, where everybody ' +
  'can read it. Never put the API key there. ';

/** What is to be known before a page reports by plain HTTP. */
export function browserNote(): HTMLElement {
  return note(
    'The project must name the origin of the page among its ',
    ', or the browser keeps the page from reporting.',
  );
}

/** The same for a page with a Sentry SDK. */
export function browserSdkNote(): HTMLElement {
  return note('Once the project has ', ', only pages of those may report.');
}

function note(before: string, after: string): HTMLElement {
  const origins = element('a', { href: '#ingest-keys' }, 'allowed origins');
  return element('p', {}, safety, before, origins, after);
}
