/** For a POSIX shell: `inShell("it's")` is `'it'\''s'`. */
export function inShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For Python and JavaScript, whose strings read those of JSON alike. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** For JavaScript within HTML, where no text may end the script. */
export function quotedInPage(text: string): string {
  return quoted(text).replaceAll('<', '\\u003c');
}

/** For Ruby and PHP, which put variables into double quotes. */
export function inSingleQuotes(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** For Dart, which puts variables into any quotes. */
export function quotedInDart(text: string): string {
  return quoted(text).replaceAll('$', '\\$');
}

/** For a value in a file of Java properties. */
export function inProperties(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
