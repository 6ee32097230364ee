import type { Api } from './api.js';
import type { Live } from './live.js';
import type { Toasts } from './toasts.js';

/** What every page gets. */
export interface Shell {
  api: Api;
  live: Live;
  toasts: Toasts;
  /** Goes to an address of this dashboard, as a link does. */
  go: (address: string, step?: 'push' | 'replace') => void;
}

export interface Shortcut {
  /** as in `KeyboardEvent.key`; the first is the one that help shows */
  keys: readonly [string, ...string[]];
  /** what it does: `Resolve the error` */
  label: string;
  /** whether holding the key does it again and again; for moving, never for what changes errors */
  repeats?: boolean;
  run: () => void;
}

/**
 * One view of the dashboard. It is made when it is first needed and kept, so that coming back finds it as it was left,
 * until the key is forgotten.
 */
export interface Page {
  readonly element: HTMLElement;
  readonly shortcuts: readonly Shortcut[];
  /** Shows what the address says; called again at every step within the page. It sets the title of the document. */
  show: (address: URL) => void;
  /** Puts the focus where somebody goes on who comes from another page. */
  focus: () => void;
  /** Another page is shown from now on, or none. Requests end, nothing more is asked. */
  leave: () => void;
}
