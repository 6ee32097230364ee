import {
  cleanBoolean,
  cleanFingerprint,
  cleanNumber,
  cleanText,
  cleanTime,
  type SqliteValue,
} from './clean-value';

/** A value as both databases have it. */
export type CopiedValue = string | number | boolean | null;
export type CopiedRow = readonly CopiedValue[];

/** What a column of PostgreSQL takes, and how any value becomes one. */
export interface ColumnKind {
  readonly type: 'bigint' | 'integer' | 'text' | 'timestamp' | 'boolean';
  /** @param id the first value of the row */
  readonly clean: (value: SqliteValue, id: unknown) => CopiedValue;
}

export const bigint: ColumnKind = {
  type: 'bigint',
  clean: (value) => cleanNumber(value, Number.MAX_SAFE_INTEGER),
};
export const integer: ColumnKind = { type: 'integer', clean: (value) => cleanNumber(value, 2 ** 31 - 1) };
export const text: ColumnKind = { type: 'text', clean: (value) => cleanText(value) };
export const varchar = (longest: number): ColumnKind => ({
  type: 'text',
  clean: (value) => cleanText(value, longest),
});
export const fingerprint: ColumnKind = { type: 'text', clean: cleanFingerprint };
export const timestamp: ColumnKind = { type: 'timestamp', clean: cleanTime };
export const boolean: ColumnKind = { type: 'boolean', clean: cleanBoolean };

/** Brings a row of SQLite into the form that PostgreSQL gives it back in, and tells whether that changed what it says. */
export function cleanRow(
  kinds: readonly ColumnKind[],
  values: readonly (SqliteValue | null)[],
): { row: CopiedRow; changed: boolean } {
  let changed = false;
  const row = kinds.map(({ clean }, index) => {
    const before = values[index] ?? null;
    if (before === null) return null;
    const after = clean(before, values[0]);
    changed ||= before !== (typeof after === 'boolean' ? Number(after) : after);
    return after;
  });
  return { row, changed };
}
