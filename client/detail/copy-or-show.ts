import { copyText } from '../copy-text.js';
import type { Toasts } from '../toasts.js';
import { TextDialog } from './text-dialog.js';

/**
 * Copies a text and says so; where the browser does not allow that, it shows the text selected.
 * @param what begins the sentence: `Link` gives `Link copied`
 */
export async function copyOrShow(toasts: Toasts, what: string, text: string): Promise<void> {
  if (await copyText(text)) {
    toasts.show(`${what} copied`);
    return;
  }
  const dialog = new TextDialog(what);
  dialog.show('This browser does not let the page copy. The text is selected: copy it from here.', text);
  dialog.select(text);
}
