// Compiles the server to dist/ and the dashboard to dist/client/, from an empty folder each time.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const tsc = join('node_modules', 'typescript', 'bin', 'tsc');

rmSync('dist', { recursive: true, force: true });
rmSync('node_modules/.cache/tsc', { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'client/tsconfig.json']) {
  if (!existsSync(project)) continue;
  execFileSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
}
cpSync('client', 'dist/client', {
  recursive: true,
  filter: (file) => !file.endsWith('.ts') && !file.endsWith('tsconfig.json'),
});
cpSync('src', 'dist', {
  recursive: true,
  filter: (file) => file.endsWith('.hbs') || statSync(file).isDirectory(),
});
chmodSync('dist/main.js', 0o755);
