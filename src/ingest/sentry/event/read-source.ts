import type { JsonObject } from '../../../common/parse-json';
import type { Source } from '../../../errors/report';
import { readObject, readWord } from './read-values';

const SERVER_RUNTIMES = new Set(['node', 'bun', 'deno', 'vercel-edge', 'cloudflare']);
const SERVER_SDK = /node|bun|deno|server|cloudflare|edge|lambda|gcp|azure/;

/** JavaScript runs on both sides, and some SDKs for servers call it by the same name as in pages. */
export function readSource(event: JsonObject, platform: string, isBrowser: boolean): Source {
  if (isBrowser) return 'browser';
  return platform === 'javascript' && !isOfServer(event) ? 'browser' : 'server';
}

function isOfServer(event: JsonObject): boolean {
  const runtime = readWord(readObject(readObject(event.contexts)?.runtime)?.name, 50) ?? '';
  const sdk = readWord(readObject(event.sdk)?.name, 100) ?? '';
  return (
    readWord(event.server_name, 10) !== null ||
    SERVER_RUNTIMES.has(runtime.toLowerCase()) ||
    SERVER_SDK.test(sdk.slice(sdk.lastIndexOf('.') + 1))
  );
}
