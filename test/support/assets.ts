import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The path of the dashboard's script, whose name holds a hash of its content. */
export function scriptPath(): string {
  const folder = join(__dirname, '..', '..', 'dist', 'client', 'assets');
  const name = readdirSync(folder).find((file) => /^main-\w+\.js$/.test(file));
  return `/assets/${name}`;
}
