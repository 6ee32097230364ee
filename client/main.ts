import { Api } from './api.js';
import { findApiKey, forgetApiKey, keepApiKey, onApiKeyChangedElsewhere } from './api-key.js';
import { byId } from './elements.js';
import { KeyDialog } from './key-dialog.js';
import { forgetPages } from './list/neighbours.js';
import { Live, type LiveState } from './live.js';
import type { Shortcut } from './page.js';
import { Router } from './router.js';
import { startShortcuts } from './shortcuts.js';
import { startThemeSwitch } from './theme-switch.js';
import { keepTimesFresh } from './time.js';
import { Toasts } from './toasts.js';

const liveTexts: Record<LiveState, string> = {
  on: 'Live',
  connecting: 'Connecting',
  off: 'Not live',
};

const locked = byId('locked', HTMLElement);
const forgetButton = byId('forget-key', HTMLButtonElement);
const liveDot = byId('live', HTMLElement);
const router = new Router();
const toasts = new Toasts();
let live: Live | null = null;
const keyDialog = new KeyDialog((key) => {
  keepApiKey(key);
  unlock(key);
});

byId('enter-key', HTMLButtonElement).addEventListener('click', () => keyDialog.open());
forgetButton.addEventListener('click', () => {
  forgetApiKey();
  lock();
});
onApiKeyChangedElsewhere(start);
keepTimesFresh();
startThemeSwitch();
startShortcuts(currentShortcuts);
start();

function start(): void {
  const key = findApiKey();
  if (key) unlock(key);
  else lock();
}

function unlock(key: string): void {
  close();
  locked.hidden = true;
  forgetButton.hidden = false;
  liveDot.hidden = false;
  keyDialog.close();
  const api = new Api(key, () => refuse(key));
  live = new Live(api);
  live.onState(showLive);
  router.open({ api, live, toasts, go: (address, step) => router.go(address, step) });
}

function lock(problem?: string): void {
  close();
  locked.hidden = false;
  forgetButton.hidden = true;
  liveDot.hidden = true;
  keyDialog.open(problem);
}

function close(): void {
  router.close();
  forgetPages();
  live?.stop();
  live = null;
  toasts.clear();
}

/** A late answer to an older key must not throw out the one entered since. */
function refuse(key: string): void {
  if (findApiKey() !== key) return;
  forgetApiKey();
  lock('The server no longer accepts the key this browser kept.');
}

function showLive(state: LiveState): void {
  liveDot.dataset.state = state;
  liveDot.title =
    state === 'on' ? 'New errors appear by themselves' : 'New errors appear once the connection is back';
  byId('live-text', HTMLElement).textContent = liveTexts[state];
}

/** Those of the page, and those that hold everywhere unless the page has its own. */
function currentShortcuts(): readonly Shortcut[] {
  if (!live) return [];
  const everywhere: Shortcut[] = [
    { keys: ['/'], label: 'Search', run: () => router.go('/?search=') },
    { keys: ['u'], label: 'Undo what was done last', run: () => toasts.undo() },
  ];
  const ofPage = router.shortcuts;
  const taken = new Set(ofPage.flatMap(({ keys }) => keys));
  return [...ofPage, ...everywhere.filter(({ keys }) => !taken.has(keys[0]))];
}
