import { BadRequestException } from '@nestjs/common';

export const MOST_ORIGINS = 50;
const LONGEST_ORIGIN = 300;

/** Of apps that show pages of their own, such as `capacitor://localhost`. */
const OTHER_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/;
const WEB_ORIGIN = /^https?:\/\//;
/** As browsers write it. */
const SENT_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/;
const LABEL = 'any-label';

/**
 * Reads a list of origins, of any shape, and brings each into the form in which browsers send it, each once.
 * @throws BadRequestException saying which is wrong
 * @example parseAllowedOrigins(['https://Shop.example.com/', 'https://*.example.com:443'])
 *   // ['https://shop.example.com', 'https://*.example.com']
 */
export function parseAllowedOrigins(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_ORIGINS) {
    throw new BadRequestException(`allowed_origins must be a list of at most ${MOST_ORIGINS} origins`);
  }
  const origins = value.map((one, index) => {
    const origin = typeof one === 'string' ? normalizeOrigin(one) : null;
    if (origin !== null) return origin;
    throw new BadRequestException(
      `allowed_origins[${index}] must be an origin such as https://shop.example.com, https://*.example.com or *`,
    );
  });
  return [...new Set(origins)];
}

/** @returns null for what is no origin: it has a path, say */
function normalizeOrigin(text: string): string | null {
  const written = text.trim().toLowerCase();
  if (written === '*') return '*';
  if (written.length > LONGEST_ORIGIN) return null;
  if (!WEB_ORIGIN.test(written)) return OTHER_ORIGIN.test(written) ? written : null;
  const hasPattern = /^https?:\/\/\*\.[^.]/.test(written);
  const plain = hasPattern ? written.replace('*', LABEL) : written;
  if (plain.includes('*') || /[?#@\\\s]/.test(plain) || !URL.canParse(plain)) return null;
  const { origin, pathname } = new URL(plain);
  if (pathname !== '/' || origin === 'null') return null;
  return hasPattern ? origin.replace(LABEL, '*') : origin;
}

/** Which pages may report. A pattern stands for every name below it, and not for the name itself. */
export class AllowedOrigins {
  private readonly origins: ReadonlySet<string>;

  /** @param origins as `parseAllowedOrigins` gives them */
  constructor(origins: Iterable<string>) {
    this.origins = new Set(origins);
  }

  get isEmpty(): boolean {
    return this.origins.size === 0;
  }

  /** @param origin as a browser has sent it; takes time in proportion to its length, whatever is in it */
  allows(origin: string): boolean {
    return this.headerFor(origin) !== null;
  }

  /** @returns value of `Access-Control-Allow-Origin` for a page that may report; null for any other */
  headerFor(origin: string): string | null {
    if (this.origins.has('*')) return '*';
    if (origin.length > LONGEST_ORIGIN) return null;
    return this.origins.has(origin) || this.fitsPattern(origin) ? origin : null;
  }

  /** `https://a.b.example.com` is looked up as `https://*.b.example.com`, then as `https://*.example.com`, and so on. */
  private fitsPattern(origin: string): boolean {
    if (!SENT_ORIGIN.test(origin)) return false;
    const host = origin.indexOf('://') + 3;
    for (let dot = origin.indexOf('.', host + 1); dot >= 0; dot = origin.indexOf('.', dot + 1)) {
      if (this.origins.has(`${origin.slice(0, host)}*${origin.slice(dot)}`)) return true;
    }
    return false;
  }
}
