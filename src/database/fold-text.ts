/** All that a fold has to change; plain ASCII, by far the most frequent, takes the short way. */
const BEYOND_ASCII = /[^\x00-\x7f]/;

/**
 * Makes texts comparable without regard to case and accents, the same way for what is stored and what is searched.
 * `foldText('Ünïted STRASSE') === foldText('united straße')`
 */
export function foldText(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .toLowerCase();
}
