/** What an array can hold, with the number of its type and how a value is written. */
const TYPES = {
  text: { oid: 25, sizeOf: (value: Value) => Buffer.byteLength(value as string), write: writeText },
  integer: { oid: 23, sizeOf: () => 4, write: writeInteger },
  bigint: { oid: 20, sizeOf: () => 8, write: writeBigint },
  /** milliseconds since 1970, UTC */
  timestamp: { oid: 1114, sizeOf: () => 8, write: writeTimestamp },
};
export type ArrayType = keyof typeof TYPES;
type Value = string | number;

/** dimensions, whether there are NULLs, type, length, first index: four bytes each */
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL = -1;
const YEAR_2000_MS = Date.UTC(2000, 0);

/**
 * An array as PostgreSQL takes it in binary form. As text, a batch of reports takes the server and this side about twice
 * as long: every character of a traceback is looked at for one that has to be escaped.
 * https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
 * @param values of texts without NUL characters
 */
export function toBinaryArray(type: ArrayType, values: readonly (Value | null)[]): Buffer {
  const { oid, sizeOf, write } = TYPES[type];
  const sizes = values.map((value) => (value === null ? 0 : sizeOf(value)));
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + sizes.reduce((sum, size) => sum + LENGTH_BYTES + size, 0));
  let at = 0;
  // An array without elements has no dimension.
  const head = values.length === 0 ? [0, 0, oid] : [1, values.includes(null) ? 1 : 0, oid, values.length, 1];
  for (const field of head) at = bytes.writeInt32BE(field, at);
  values.forEach((value, index) => {
    const size = sizes[index] as number;
    at = bytes.writeInt32BE(value === null ? NULL : size, at);
    if (value !== null) write(bytes, value, at);
    at += size;
  });
  return bytes.subarray(0, at);
}

function writeText(bytes: Buffer, value: Value, at: number): void {
  bytes.write(value as string, at);
}

function writeInteger(bytes: Buffer, value: Value, at: number): void {
  bytes.writeInt32BE(value as number, at);
}

function writeBigint(bytes: Buffer, value: Value, at: number): void {
  bytes.writeBigInt64BE(BigInt(value), at);
}

/** Microseconds since the year 2000. */
function writeTimestamp(bytes: Buffer, value: Value, at: number): void {
  bytes.writeBigInt64BE(BigInt((value as number) - YEAR_2000_MS) * 1000n, at);
}
