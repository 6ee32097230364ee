/** An origin as a sentence may repeat it. */
export function shown(origin: string): string {
  return origin.length > 100 ? `${origin.slice(0, 100)}…` : origin;
}
