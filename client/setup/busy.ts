/** Marks a button whose work is under way. It keeps the focus, which a disabled one loses. */
export function setBusy(button: HTMLButtonElement, busy: boolean): void {
  button.setAttribute('aria-disabled', String(busy));
}

export function isBusy(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') === 'true';
}
