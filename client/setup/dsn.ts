/**
 * The DSN of a key for whoever reaches the server as this page does. While BASE_URL is not set, the API can only say
 * localhost.
 * @param isTold whether BASE_URL has been set
 * @param origin of this page
 * @example dsnToShow('http://5b9f…@localhost:5010/7', false, 'https://errors.example.com')
 *   // 'https://5b9f…@errors.example.com/7'
 */
export function dsnToShow(dsn: string, isTold: boolean, origin: string): string {
  if (isTold) return dsn;
  const { username, pathname } = new URL(dsn);
  return origin.replace('://', `://${username}@`) + pathname;
}
