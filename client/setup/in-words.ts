import { shorten } from '../text.js';

const longestOrigin = 60;

/** Origins as somebody has written them, one on each line or with commas between them. */
export function listOrigins(written: string): string[] {
  return written
    .split(/[\n,]/)
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}

/**
 * What the API says against a field, without the names that only programs know.
 * @param origins as they were written
 * @example inWords('allowed_origins[1] must be an origin', 'https://a.example\nb') // '“b” must be an origin'
 */
export function inWords(message: string, origins = ''): string {
  return message
    .replace(/^rate_limit_per_minute /, 'Requests a minute ')
    .replace(/^allowed_origins must be a list of/, 'There can be')
    .replace(/^allowed_origins\[(\d+)\]/, (_, index) => {
      const origin = listOrigins(origins)[Number(index)] ?? '';
      return `“${shorten(origin, longestOrigin)}”`;
    });
}
