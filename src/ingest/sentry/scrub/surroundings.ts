/** What is known of a text before its values are looked for. */
export interface Surroundings {
  text: string;
  /** whether only `&` stands between members */
  isForm: boolean;
  /** whether it begins like a form; it may be one line of a log, too */
  isFormLike: boolean;
  /** -1 when there is none */
  firstBracket: number;
  /** where the last `</` stands; -1 when there is none */
  lastTag: number;
  isMarkup: boolean;
}
