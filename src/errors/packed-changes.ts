import type { ErrorChange, ErrorChangeKind, GatheredChanges } from './error-change';

/** In bytes of UTF-8, with a margin to what `Replicas.tell` takes. */
const LONGEST_MESSAGE_BYTES = 7_500;

type PackedChange = [id: number, kind: ErrorChangeKind, project: string];

/** Changes as messages for other replicas, none longer than these take. The last one says whether there were more. */
export function packChanges({ changes, more }: GatheredChanges): string[] {
  const parts: PackedChange[][] = [[]];
  let bytes = 0;
  for (const { id, kind, project } of changes) {
    const packed: PackedChange = [id, kind, project];
    const size = Buffer.byteLength(JSON.stringify(packed)) + 1;
    if (bytes + size > LONGEST_MESSAGE_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(packed);
    bytes += size;
  }
  return parts.map((part, index) =>
    JSON.stringify({ changes: part, more: more && index === parts.length - 1 }),
  );
}

/** What `packChanges` has packed; of anything else, that there was something. */
export function unpackChanges(message: string): GatheredChanges {
  try {
    const { changes, more } = JSON.parse(message) as { changes: PackedChange[]; more: boolean };
    return { changes: changes.map(([id, kind, project]): ErrorChange => ({ id, kind, project })), more };
  } catch {
    return { changes: [], more: true };
  }
}
