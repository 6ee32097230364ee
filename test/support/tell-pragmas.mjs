// Loaded before the server by NODE_OPTIONS=--import: a thread that closes its connection to SQLite first writes a line
// with the settings that it had.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const { prototype } = createRequire(`${process.cwd()}/`)(process.env.SQLITE_LIBRARY);
  const { close } = prototype;
  prototype.close = function () {
    const of = (pragma) => `${pragma}=${this.pragma(pragma, { simple: true })}`;
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'auto_vacuum'].map(of).join(' ');
    writeSync(1, `${basename(process.argv[1])}: ${settings}\n`);
    return close.call(this);
  };
}
