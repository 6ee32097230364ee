const beyondAscii = /[^\0-\x7f]/;
const betweenWords = /[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

/**
 * The words of a name, in lower case.
 * @example wordsOf('X-Api_userPin') // ['x', 'api', 'user', 'pin']
 */
export function wordsOf(name: string): string[] {
  const words = beyondAscii.test(name) ? name.split(betweenWords) : splitAscii(name);
  return words.filter((word) => word !== '').map((word) => word.toLowerCase());
}

/** The same as by `betweenWords`, in a tenth of its time. */
function splitAscii(name: string): string[] {
  const words: string[] = [];
  let start = 0;
  let wasLow = false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    const isCapital = code >= 0x41 && code <= 0x5a;
    const isLow = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (!isCapital && !isLow) {
      words.push(name.slice(start, at));
      start = at + 1;
    } else if (isCapital && wasLow) {
      words.push(name.slice(start, at));
      start = at;
    }
    wasLow = isLow;
  }
  words.push(name.slice(start));
  return words;
}
