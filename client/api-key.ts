const storageName = 'error-tracker.api-key';

// Browsers that refuse storage (private windows, blocked site data) keep the key until the page is left.
let keyOfThisPage: string | null = null;

export function findApiKey(): string | null {
  try {
    return localStorage.getItem(storageName) ?? keyOfThisPage;
  } catch {
    return keyOfThisPage;
  }
}

export function keepApiKey(key: string): void {
  keyOfThisPage = key;
  try {
    localStorage.setItem(storageName, key);
  } catch {
    // kept for this page, see above
  }
}

export function forgetApiKey(): void {
  keyOfThisPage = null;
  try {
    localStorage.removeItem(storageName);
  } catch {
    // nothing was stored
  }
}

/** Calls back when another tab of this browser stores another key or forgets it. */
export function onApiKeyChangedElsewhere(callback: () => void): void {
  window.addEventListener('storage', (change) => {
    // A null key means that the whole storage was cleared.
    if (change.key !== storageName && change.key !== null) return;
    keyOfThisPage = null;
    callback();
  });
}
