/** What an example has in it. */
export interface ExampleValues {
  /** of this server, without a trailing slash */
  address: string;
  /** the API key or an ingest key */
  key: string;
  /** its name */
  project: string;
  /** of the ingest key */
  dsn: string;
}

/** One piece of code to copy. */
export interface Example {
  /** where it belongs */
  title: string;
  write: (values: ExampleValues) => string;
  /** which key stands in it */
  key: 'api' | 'ingest';
}

/** A key that may only report, with its project and its DSN. */
export type ChosenKey = Pick<ExampleValues, 'key' | 'project' | 'dsn'>;

/** What stands in place of each key while it is not known, or not shown. */
export const placeholders = { api: 'YOUR_API_KEY', ingest: 'YOUR_INGEST_KEY' } as const;

/** What stands in an example while there is no ingest key. */
export function placeholderKey(address: string): ChosenKey {
  const dsn = `${address.replace('://', `://${placeholders.ingest}@`)}/PROJECT_ID`;
  return { key: placeholders.ingest, project: 'my-web-app', dsn };
}
