import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set();
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is gone when the process ends, at the latest. */
export function makeTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'error-tracker-bench-run-'));
  folders.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}
