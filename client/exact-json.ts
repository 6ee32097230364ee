/** What browsers of 2025 and later have, and the types do not know yet. */
interface NewerJson {
  parse: (
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ) => unknown;
  rawJSON?: (text: string) => object;
  isRawJSON?: (value: unknown) => boolean;
}

const json = JSON as NewerJson;

/**
 * Parses JSON so that writing it again gives every number as it was sent: `12345678901234567890` and `1.0` stay. Such
 * numbers become objects for which `isExactNumber` holds. In older browsers numbers lose digits as they always did.
 */
export function parseExactly(text: string): unknown {
  const { rawJSON } = json;
  if (!rawJSON) return JSON.parse(text);
  return json.parse(text, (_key, value, context) => {
    const source = context?.source;
    const isChanged = typeof value === 'number' && source !== undefined && String(value) !== source;
    return isChanged ? rawJSON(source) : value;
  });
}

export function isExactNumber(value: unknown): boolean {
  return json.isRawJSON?.(value) ?? false;
}

/** The same JSON on many lines; where numbers would lose digits it stays as it is. */
export function indentJson(text: string): string {
  return json.rawJSON ? JSON.stringify(parseExactly(text), null, 2) : text;
}
