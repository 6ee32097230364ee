// Compiles the server to dist/ and the dashboard to dist/client/, from an empty folder each time.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient } from './build-client.mjs';

rmSync('dist', { recursive: true, force: true });
rmSync('node_modules/.cache/tsc', { recursive: true, force: true });
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
cpSync('src', 'dist', {
  recursive: true,
  filter: (file) => file.endsWith('.hbs') || statSync(file).isDirectory(),
});
await buildClient();
chmodSync('dist/main.js', 0o755);
