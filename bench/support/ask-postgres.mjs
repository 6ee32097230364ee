import pg from 'pg';

const { builtins } = pg.types;

/** Whole numbers as numbers, also sums of them. */
const TYPES = {
  getTypeParser: (oid, format) =>
    oid === builtins.INT8 || oid === builtins.NUMERIC ? Number : pg.types.getTypeParser(oid, format),
};

/** Opens a connection. A server that is stopped meanwhile is no reason to end. */
export async function connectToPostgres(url) {
  const client = new pg.Client({ connectionString: url, types: TYPES });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The rows of one statement, on a connection of its own. */
export async function askPostgres(url, sql, parameters = []) {
  const client = await connectToPostgres(url);
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
