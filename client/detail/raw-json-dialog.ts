import type { Api } from '../api.js';
import { ApiError } from '../api-error.js';
import { copyText } from '../copy-text.js';
import { announce, button, element } from '../elements.js';
import { indentJson } from '../exact-json.js';
import { showFailure } from '../failure-notice.js';
import { skeleton } from '../skeleton.js';
import { TextDialog } from './text-dialog.js';

/** Shows what the API answers about an error. A link could not: the key goes in a header. */
export async function showRawJson(api: Api, id: number): Promise<void> {
  const dialog = new TextDialog(`Error ${id} as JSON`);
  const closing = new AbortController();
  dialog.element.addEventListener('close', () => closing.abort());
  dialog.notice.replaceChildren(skeleton('Loading', 3));
  try {
    const json = indentJson(await api.getErrorText(id, closing.signal));
    dialog.show(`The answer to GET /api/errors/${id}.`, json, [copyButton(json), saveButton(id, json)]);
  } catch (error) {
    if (closing.signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    if (error.failure === 'unauthorized') dialog.element.close();
    showFailure(dialog.notice, error, () => {
      dialog.element.close();
      void showRawJson(api, id);
    });
  }
}

function copyButton(json: string): HTMLButtonElement {
  const made = button('Copy', () => {
    void copyText(json).then((isCopied) => {
      made.textContent = isCopied ? 'Copied' : 'Select the text to copy it';
      announce(made.textContent);
    });
  });
  return made;
}

function saveButton(id: number, json: string): HTMLButtonElement {
  return button('Save as file', () => {
    const address = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
    element('a', { href: address, download: `error-${id}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
}
