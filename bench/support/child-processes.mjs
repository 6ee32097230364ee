const ends = new Map();
process.on('exit', () => {
  for (const end of ends.values()) end();
});

/**
 * Sees to it that a child does not outlive this process.
 * @param end how it is ended, at once
 */
export function endAtExit(child, end = () => child.kill('SIGKILL')) {
  ends.set(child, end);
  child.once('exit', () => ends.delete(child));
}
