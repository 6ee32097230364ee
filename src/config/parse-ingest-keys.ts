/** Each becomes a row, and stays one. */
const MOST_PAIRS = 1_000;
const LONGEST_PROJECT = 100;

/**
 * Reads pairs of project and ingest key; the name of a project may hold colons, but no comma.
 * @returns the pairs, each once, or what is wrong: it names neither keys nor projects, since the two may have been mixed up
 * @example parseIngestKeys('shop:0123456789abcdef0123456789abcdef')
 *   // [{ project: 'shop', key: '0123456789abcdef0123456789abcdef' }]
 */
export function parseIngestKeys(text: string): { project: string; key: string }[] | string {
  const written = text
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean);
  if (written.length > MOST_PAIRS) return `must name at most ${MOST_PAIRS} keys`;
  const projectOf = new Map<string, string>();
  for (const [index, pair] of written.entries()) {
    const colon = pair.lastIndexOf(':');
    const project = pair.slice(0, Math.max(colon, 0)).trim();
    const key = pair.slice(colon + 1).trim();
    const problem = problemOf(colon, project, key, projectOf.get(key));
    if (problem !== null) {
      return `must be pairs of project and key such as shop:0123…cdef, separated by commas: ${problem} in number ${index + 1}`;
    }
    projectOf.set(key, project);
  }
  return [...projectOf].map(([key, project]) => ({ project, key }));
}

/** What is wrong with the setting; null when nothing is. */
export function findIngestKeysProblem(text: string): string | null {
  const parsed = parseIngestKeys(text);
  return typeof parsed === 'string' ? parsed : null;
}

function problemOf(colon: number, project: string, key: string, other: string | undefined): string | null {
  if (colon < 0) return 'there is no colon';
  if (project === '') return 'the project is missing';
  if ([...project].length > LONGEST_PROJECT)
    return `the project is longer than ${LONGEST_PROJECT} characters`;
  if (!/^[0-9a-f]{32}$/.test(key)) return 'the key is not 32 lower-case hexadecimal digits';
  if (other !== undefined && other !== project) return 'the key is that of another project before';
  return null;
}
