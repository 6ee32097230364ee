// What terminals take for colours, titles and moves of the cursor: CSI, OSC with its end, and short ones.
const escapeSequences =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]/g;
const controls = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
const symbolsOfControls = 0x2400;
const symbolOfDelete = '\u2421';

/**
 * A text from outside as it may be shown: without escape sequences of terminals, line ends as `\n`, and other control
 * characters as their symbols. `readable('\x1b[31mred\x1b[0m')` is `red`.
 */
export function readable(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replace(/\r\n?/g, '\n')
    .replace(controls, (control) =>
      control === '\x7f' ? symbolOfDelete : String.fromCharCode(symbolsOfControls + control.charCodeAt(0)),
    );
}
