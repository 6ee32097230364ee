import { detailPage } from './detail/detail-page.js';
import { byId } from './elements.js';
import { listPage } from './list/list-page.js';
import { overviewPage } from './overview/overview-page.js';
import type { Page, Shell, Shortcut } from './page.js';
import { setupPage } from './setup/setup-page.js';

interface Route {
  path: RegExp;
  make: (shell: Shell) => Page;
}

const listRoute: Route = { path: /^\/$/, make: listPage };
/** The server answers each of these paths with the page (`src/dashboard/dashboard.controller.ts`). */
const routes: readonly Route[] = [
  listRoute,
  { path: /^\/errors\/[^/]+\/?$/, make: detailPage },
  { path: /^\/projects\/?$/, make: overviewPage },
  { path: /^\/setup\/?$/, make: setupPage },
];

/** Shows the page that the address names. It is closed until it gets a `Shell`, and asks nothing while closed. */
export class Router {
  private readonly outlet = byId('outlet', HTMLElement);
  private shell: Shell | null = null;
  private readonly pages = new Map<Route, Page>();
  private readonly scrolledTo = new Map<Page, number>();
  private current: Page | null = null;

  constructor() {
    history.scrollRestoration = 'manual';
    window.addEventListener('popstate', () => this.show('back'));
    document.addEventListener('click', (click) => this.followLink(click));
  }

  get shortcuts(): readonly Shortcut[] {
    return this.current?.shortcuts ?? [];
  }

  open(shell: Shell): void {
    this.shell = shell;
    this.show('first');
  }

  close(): void {
    this.current?.leave();
    this.current = null;
    this.shell = null;
    this.pages.clear();
    this.scrolledTo.clear();
    this.outlet.replaceChildren();
  }

  go(address: string, step: 'push' | 'replace' = 'push'): void {
    const same = address === location.pathname + location.search;
    if (step === 'push' && !same) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.show('forward');
  }

  private show(direction: 'first' | 'forward' | 'back'): void {
    const { shell } = this;
    if (!shell) return;
    const route = routes.find(({ path }) => path.test(location.pathname)) ?? listRoute;
    const page = this.pages.get(route) ?? route.make(shell);
    this.pages.set(route, page);
    const switched = page !== this.current;
    if (direction !== 'first') this.closeDialogs();
    if (switched) this.switchTo(page);
    page.show(new URL(location.href));
    markCurrent(location.pathname);
    if (!switched || direction === 'first') return;
    window.scrollTo({ top: direction === 'back' ? (this.scrolledTo.get(page) ?? 0) : 0 });
    page.focus();
  }

  /** A dialog belongs to what was shown when it was opened. */
  private closeDialogs(): void {
    for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) dialog.close();
  }

  private switchTo(page: Page): void {
    if (this.current) {
      this.scrolledTo.set(this.current, window.scrollY);
      this.current.leave();
    }
    this.current = page;
    this.outlet.replaceChildren(page.element);
  }

  private followLink(click: MouseEvent): void {
    if (click.defaultPrevented || click.button !== 0 || !this.shell) return;
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
    const link = click.target instanceof Element ? click.target.closest('a') : null;
    if (!link || link.origin !== location.origin || link.target || link.download) return;
    if (!routes.some(({ path }) => path.test(link.pathname)) || link.hash) return;
    click.preventDefault();
    this.go(link.pathname + link.search);
  }
}

/** Marks the link of the page that is shown; an error belongs to the list. */
function markCurrent(path: string): void {
  const section = path.startsWith('/errors/') ? '/' : path.replace(/(.)\/$/, '$1');
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.site-links a')) {
    if (link.pathname === section) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
