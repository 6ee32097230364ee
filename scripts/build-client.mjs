// Bundles the dashboard into dist/client: hashed names, so that browsers keep files for good and ask for the page only.
import { build, context } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const OUT = 'dist/client';

/** What index.html names, as in client/; esbuild finds the rest from there. */
const ENTRIES = ['main.ts', 'theme.ts', 'styles/styles.css', 'favicon.svg'];

const options = {
  entryPoints: ENTRIES.map((entry) => join('client', entry)),
  outdir: join(OUT, 'assets'),
  outbase: 'client',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  // Nested rules are written out: browsers learnt them late.
  supported: { nesting: false },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  loader: { '.svg': 'copy' },
};

/** Builds once, with compressed copies of what is worth it. */
export async function buildClient() {
  rmSync(OUT, { recursive: true, force: true });
  const { metafile } = await build(options);
  writePage(metafile);
  for (const name of readdirSync(options.outdir)) compress(join(options.outdir, name));
}

/** Builds after every change, readable and uncompressed; the server knows only the files it was started with. */
export async function watchClient(onBuilt) {
  const page = {
    name: 'page',
    setup: ({ onEnd }) =>
      onEnd(({ metafile }) => {
        if (!metafile) return;
        writePage(metafile);
        onBuilt();
      }),
  };
  const watching = await context({ ...options, minify: false, sourcemap: 'inline', plugins: [page] });
  await watching.watch();
}

function writePage({ outputs }) {
  let page = readFileSync('client/index.html', 'utf8');
  for (const entry of ENTRIES) {
    const output = Object.keys(outputs).find((file) => outputs[file].entryPoint === `client/${entry}`);
    const written = `{{${entry}}}`;
    if (!output || !page.includes(written)) throw new Error(`index.html and ${entry} do not fit together`);
    page = page.replaceAll(written, output.slice(OUT.length));
  }
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'index.html'), page);
}

function compress(file) {
  const content = readFileSync(file);
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  for (const [ending, compressed] of [
    ['br', brotliCompressSync(content, best)],
    ['gz', gzipSync(content, { level: 9 })],
  ]) {
    if (compressed.length < content.length) writeFileSync(`${file}.${ending}`, compressed);
  }
}
