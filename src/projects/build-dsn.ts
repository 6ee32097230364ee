/**
 * What a Sentry SDK is given to report with an ingest key: one address that holds no secret.
 * @param baseUrl of this server as `AppConfig` has it, maybe with a path; a user name in it is left out
 * @example buildDsn('https://example.com/errors', '5b9f…', 7) // 'https://5b9f…@example.com/errors/7'
 */
export function buildDsn(baseUrl: string, key: string, projectId: number): string {
  const { protocol, host, pathname } = new URL(baseUrl);
  // SDKs take what follows the last slash for the project, and some refuse an address that ends with one.
  return `${protocol}//${key}@${host}${pathname.replace(/\/+$/, '')}/${projectId}`;
}
