import { byId, element } from './elements.js';
import type { Shortcut } from './page.js';

const typing = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]';
/** What each kind of control does with keys of its own. */
const pressed = { controls: 'a, button, summary, input', keys: ['Enter', ' '] };
const chosen = { controls: 'input, summary', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] };

/**
 * Single keys that do something, wherever the focus is but in a field or a dialog. `?` shows them all.
 * @param shortcuts those that hold now, on the page that is shown
 */
export function startShortcuts(shortcuts: () => readonly Shortcut[]): void {
  const help: Shortcut = {
    keys: ['?'],
    label: 'Show this help',
    run: () => showHelp([...shortcuts(), help]),
  };
  document.addEventListener('keydown', (press) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.defaultPrevented) return;
    if (document.querySelector('dialog[open]')) return;
    if (press.target instanceof Element && isForControl(press.target, press.key)) return;
    const shortcut = [...shortcuts(), help].find(({ keys }) => keys.includes(press.key));
    if (!shortcut) return;
    press.preventDefault();
    if (!press.repeat || shortcut.repeats) shortcut.run();
  });
  byId('show-help', HTMLButtonElement).addEventListener('click', () => help.run());
}

/** Whether the key already means something to the control that has the focus. */
function isForControl(target: Element, key: string): boolean {
  if (target.matches(typing)) return true;
  return [pressed, chosen].some(({ controls, keys }) => keys.includes(key) && target.matches(controls));
}

function showHelp(shortcuts: readonly Shortcut[]): void {
  const dialog = byId('help-dialog', HTMLDialogElement);
  const rows = shortcuts.flatMap(({ keys, label }) => [
    element('dt', {}, ...keys.map((key) => element('kbd', {}, nameOf(key)))),
    element('dd', {}, label),
  ]);
  byId('shortcuts', HTMLElement).replaceChildren(...rows);
  dialog.showModal();
}

function nameOf(key: string): string {
  return { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' }[key] ?? key;
}
