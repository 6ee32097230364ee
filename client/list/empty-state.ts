import { button, element } from '../elements.js';
import { formatCount } from '../text.js';
import { type Filters, isNarrowed, noFilters } from './filters.js';

/**
 * What to say when the server answered that nothing matches.
 * @param projects all that have ever reported, or `null` when that is not known
 * @param searchedNewest so many of the newest errors were looked at, `null` for all
 */
export function emptyState(
  filters: Filters,
  projects: readonly string[] | null,
  searchedNewest: number | null,
  go: (filters: Filters) => void,
): HTMLElement {
  if (isNarrowed(filters)) return noMatch(filters, searchedNewest, go);
  if (projects?.length === 0 || filters.state === 'all') return nothingReported(filters, go);
  if (filters.state === 'open') {
    return notice(
      'No open errors',
      'An error that comes back after it was resolved shows up here again.',
      button('Show resolved errors', () => go({ ...noFilters, state: 'resolved' })),
    );
  }
  return notice(
    'No resolved errors',
    'Errors you resolve are listed here until they are pruned.',
    button('Show open errors', () => go(noFilters)),
  );
}

function noMatch(
  filters: Filters,
  searchedNewest: number | null,
  go: (filters: Filters) => void,
): HTMLElement {
  const kind = filters.state === 'all' ? '' : `${filters.state} `;
  const elsewhere = button('Search all states', () => go({ ...filters, state: 'all', offset: 0 }));
  const why =
    searchedNewest === null
      ? 'Nothing fits all the filters that are set above.'
      : `Only the newest ${formatCount(searchedNewest)} errors were looked at: filters that fit fewer find more.`;
  const made = notice(
    `No ${kind}error matches`,
    why,
    element(
      'div',
      { class: 'buttons' },
      filters.state === 'all' ? null : elsewhere,
      button('Clear filters', () => go(noFilters)),
    ),
  );
  made.classList.add('no-match');
  return made;
}

function nothingReported(filters: Filters, go: (filters: Filters) => void): HTMLElement {
  const example = [
    `curl -X POST ${location.origin}/api/errors \\`,
    `  -H 'X-API-Key: YOUR_API_KEY' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"project": "my-app", "exception_type": "TypeError",`,
    `       "message": "Hello from curl",`,
    `       "traceback": "TypeError: Hello from curl\\n    at main (app.js:1:1)"}'`,
  ].join('\n');
  return notice(
    'No errors yet',
    'Report the first one from a terminal, with your key in place of YOUR_API_KEY:',
    element('pre', { tabindex: '0', 'aria-label': 'Example' }, element('code', {}, example)),
    element(
      'div',
      { class: 'buttons' },
      button('Check again', () => go(filters)),
      element('a', { href: '/setup' }, 'More ways to send errors'),
    ),
  );
}

function notice(title: string, text: string, ...more: HTMLElement[]): HTMLElement {
  return element('div', { class: 'notice' }, element('h2', {}, title), element('p', {}, text), ...more);
}
