// uPlot makes a number format of the browser's language when it is loaded, and fails where that is no language: without
// a locale Chromium says `en-US@posix`. Imported before it.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
