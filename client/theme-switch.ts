import { byId } from './elements.js';

const storageName = 'error-tracker.theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The button that goes from the theme of the system to light, to dark, and back. */
export function startThemeSwitch(): void {
  const button = byId('theme', HTMLButtonElement);
  const root = document.documentElement;
  const show = () => {
    const theme = root.dataset.theme ?? 'system';
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
    for (const icon of button.querySelectorAll<SVGElement>('[data-icon]')) {
      icon.classList.toggle('shown', icon.dataset.icon === theme);
    }
  };
  button.addEventListener('click', () => {
    const theme = (root.dataset.theme ?? 'system') as Theme;
    setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system');
    show();
  });
  show();
}

function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(storageName);
    else localStorage.setItem(storageName, theme);
  } catch {
    // It holds until the page is left.
  }
}
