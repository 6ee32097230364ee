/**
 * Replaces what not every database takes, NUL and lone surrogates, by U+FFFD.
 * @example toStorable('a\0b') // 'a\uFFFDb'
 */
export function toStorable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}
