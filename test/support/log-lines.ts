/** One event: nothing in it can start a line of its own or steer a terminal. */
const LOG_LINE =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (ERROR|WARN |INFO |DEBUG) \[\w+\] [^\x00-\x1f\x7f-\x9f\u2028\u2029]+$/;

/** A log of whole lines, whatever was logged. */
export function expectWholeLines(text: string): void {
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) expect(line).toMatch(LOG_LINE);
}
