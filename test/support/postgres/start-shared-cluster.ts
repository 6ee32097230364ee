import { PostgresCluster, WITHOUT_FSYNC } from './postgres-cluster';

declare global {
  /** what the setup hands over to the teardown: jest loads each by itself */
  var sharedCluster: PostgresCluster | undefined;
}

/** One server for all tests of the project `postgres`, or the one that TEST_DATABASE_URL names. */
export default async function startSharedCluster(): Promise<void> {
  if (process.env.TEST_DATABASE_URL) return;
  globalThis.sharedCluster = await PostgresCluster.start(WITHOUT_FSYNC);
  process.env.TEST_DATABASE_URL = globalThis.sharedCluster.url;
}
