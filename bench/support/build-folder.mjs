import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

let folder = fileURLToPath(new URL('../../dist', import.meta.url));

/** The folder of the build that is measured. */
export function buildFolder() {
  return folder;
}

/** Measures another build, to compare two of them. */
export function useBuildFolder(path) {
  folder = resolve(path);
  if (!existsSync(join(folder, 'main.js'))) throw new Error(`There is no main.js in ${folder}`);
}
