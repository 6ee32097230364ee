import { announce, button, byId, element } from './elements.js';

const shownForMs = 10_000;

/** Short messages at the edge of the page on what was done, with a way to undo it. */
export class Toasts {
  private readonly place = byId('toasts', HTMLElement);

  /**
   * @param undo takes it back; it tells by itself when it cannot
   * @returns whether it is still shown
   */
  show(text: string, undo?: () => void): () => boolean {
    const toast = element('div', { class: 'toast' }, element('p', { class: 'outside' }, text));
    if (undo) {
      const undoButton = button('Undo', () => {
        toast.remove();
        undo();
      });
      toast.append(undoButton);
    }
    toast.append(button('×', () => toast.remove(), { class: 'close', 'aria-label': 'Close' }));
    // Only the last thing done can be undone; an older message would be in the way.
    this.place.replaceChildren(toast);
    announce(undo ? `${text}. Press U to undo.` : text);
    this.removeLater(toast);
    return () => toast.isConnected;
  }

  /** Presses the undo button that is shown, if there is one. */
  undo(): void {
    this.place.querySelector<HTMLButtonElement>('.toast button:not(.close)')?.click();
  }

  clear(): void {
    this.place.replaceChildren();
  }

  /** It stays for as long as the pointer or the focus is on it. */
  private removeLater(toast: HTMLElement): void {
    setTimeout(() => {
      if (!toast.isConnected) return;
      if (toast.matches(':hover, :focus-within')) this.removeLater(toast);
      else toast.remove();
    }, shownForMs);
  }
}
