import { build } from 'esbuild';
import { join } from 'node:path';

/** The page with the SDK in it as one script. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'page.mjs')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0]!.text;
}
