// Compiles on every change and restarts the server: `API_KEY=dev npm run dev`.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, utimesSync, watch } from 'node:fs';
import { join } from 'node:path';
import { watchClient } from './build-client.mjs';

const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
await watchClient(restartServer);
const children = [
  [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['--watch', '--watch-preserve-output', 'dist/main.js'],
].map((args) => spawn(process.execPath, args, { stdio: 'inherit' }));

watch('src', { recursive: true }, (_event, name) => {
  if (name?.endsWith('.hbs')) cpSync(join('src', name), join('dist', name));
});

function restartServer() {
  const now = new Date();
  if (existsSync('dist/main.js')) utimesSync('dist/main.js', now, now);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(0);
  });
}
