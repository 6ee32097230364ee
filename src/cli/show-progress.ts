/** Clears the line from here on. */
const CLEAR = '\x1b[K';

/**
 * A line that renews itself on a terminal, and one line for every tenth elsewhere.
 * @param verb what is done: `copied`
 * @returns is told how much of the work is done, from 0 to 1, and of what
 */
export function showProgress(verb: string): (done: number, what?: string) => void {
  const isTerminal = process.stderr.isTTY;
  let shown = '';
  let step = -1;
  return (done, what) => {
    const percent = Math.floor(done * 100);
    const next = isTerminal ? percent : percent - (percent % 10);
    const line = `${next} % ${verb}${what === undefined ? '' : ` (${what})`}`;
    if (step === 100 || (next === step && (!isTerminal || line === shown))) return;
    step = next;
    shown = line;
    // On a terminal what comes next begins in the same line, whatever it is.
    process.stderr.write(
      isTerminal && next < 100 ? `${CLEAR}${line}\r` : `${isTerminal ? CLEAR : ''}${line}\n`,
    );
  };
}
