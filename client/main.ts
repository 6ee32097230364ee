import { Api } from './api.js';
import { findApiKey, forgetApiKey, keepApiKey, onApiKeyChangedElsewhere } from './api-key.js';
import { Dashboard } from './dashboard.js';
import { byId } from './elements.js';
import { KeyDialog } from './key-dialog.js';
import { keepTimesFresh } from './time.js';

const locked = byId('locked', HTMLElement);
const forgetButton = byId('forget-key', HTMLButtonElement);
const dashboard = new Dashboard();
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
start();

function start(): void {
  const key = findApiKey();
  if (key) unlock(key);
  else lock();
}

function unlock(key: string): void {
  dashboard.close();
  locked.hidden = true;
  forgetButton.hidden = false;
  keyDialog.close();
  dashboard.open(new Api(key, () => refuse(key)));
}

function lock(problem?: string): void {
  dashboard.close();
  locked.hidden = false;
  forgetButton.hidden = true;
  keyDialog.open(problem);
}

/** A late answer to an older key must not throw out the one entered since. */
function refuse(key: string): void {
  if (findApiKey() !== key) return;
  forgetApiKey();
  lock('The server no longer accepts the key this browser kept.');
}
