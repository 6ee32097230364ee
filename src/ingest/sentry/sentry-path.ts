export type SentryRoute = 'envelope' | 'store' | 'security';

export interface SentryPath {
  route: SentryRoute;
  /** digits */
  projectId: string;
  /** what follows the question mark */
  query: string;
}

const PATH = /^\/api\/([1-9]\d{0,18}|0\d{1,18})\/(envelope|store|security|csp-report)\/?$/i;

/**
 * Reads the address of a request to one of Sentry's routes. Slashes may be doubled, and the last one may be missing.
 * @returns null for any other address
 * @example parseSentryPath('/api/7/envelope/?sentry_key=1f') // { route: 'envelope', projectId: '7', query: 'sentry_key=1f' }
 */
export function parseSentryPath(url: string): SentryPath | null {
  // Nearly every other address is told apart by this.
  if (!/^\/(api\/|\/)/i.test(url)) return null;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const [, projectId, name] = PATH.exec(path.includes('//') ? path.replace(/\/+/g, '/') : path) ?? [];
  if (projectId === undefined) return null;
  const written = name?.toLowerCase() ?? '';
  const route = written === 'csp-report' ? 'security' : (written as SentryRoute);
  return { route, projectId, query: mark < 0 ? '' : url.slice(mark + 1) };
}
