import { foldText } from './fold-text';

/** How much of a message can be searched, in UTF-16 units: each adds an entry to the trigram index. */
const SEARCHED_MESSAGE_LENGTH = 2_000;

/** A noncharacter, which nobody looks for: no text is found across the two. */
const SEPARATOR = '\uFFFF';

/** What the search index holds of an error: its type and the beginning of its message, folded. */
export function searchText(exceptionType: string, message: string): string {
  return foldText(`${exceptionType}${SEPARATOR}${message.slice(0, SEARCHED_MESSAGE_LENGTH)}`);
}
