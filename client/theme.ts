// Runs before the page is drawn, so that a chosen theme does not flash the other one first. Imports nothing: the page
// waits for it.
try {
  const theme = localStorage.getItem('error-tracker.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the theme is that of the system.
}
