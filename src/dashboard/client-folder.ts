import { join } from 'node:path';

/** Where the compiled dashboard lies: beside the compiled server, also when the server runs from its sources. */
export function clientFolder(): string {
  return join(__dirname, '..', '..', 'dist', 'client');
}
