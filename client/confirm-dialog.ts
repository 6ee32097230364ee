import { button, element } from './elements.js';

/**
 * Asks before something that cannot be undone.
 * @param verb what the button says that does it: `Delete 3 errors`
 * @returns whether it shall be done
 */
export function confirmDialog(title: string, text: string, verb: string): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = button('Cancel', () => dialog.close());
    const confirm = button(verb, () => dialog.close('confirmed'), { class: 'danger' });
    const dialog = element(
      'dialog',
      { class: 'confirm', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
      element('h2', { id: 'confirm-title' }, title),
      element('p', { id: 'confirm-text' }, text),
      element('div', { class: 'buttons' }, cancel, confirm),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirmed');
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
