import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder outside the project, and the way to remove it with all that is in it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'error-tracker-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
