import Database from 'better-sqlite3';
import { connectToPostgres } from './ask-postgres.mjs';

/**
 * Runs SQL without the server, as the baseline of what the server reads: `prepare(sql)` gives a function that takes
 * what stands for the question marks and gives rows, `like` compares texts without regard to case.
 */
export function openPlainSqlite(path) {
  const database = new Database(path);
  const prepare = (sql) => {
    const statement = database.prepare(sql);
    const run = statement.reader ? statement.all : statement.run;
    return (...values) => run.apply(statement, values.map(withoutBoolean));
  };
  return { prepare, like: 'LIKE', close: () => database.close() };
}

export async function openPlainPostgres(url) {
  const client = await connectToPostgres(url);
  let statements = 0;
  const prepare = (sql) => {
    const name = `plain ${++statements}`;
    let parameters = 0;
    const text = sql.replace(/\?/g, () => `$${++parameters}`);
    return async (...values) => (await client.query({ name, text, values })).rows;
  };
  return { prepare, like: 'ILIKE', close: () => client.end() };
}

function withoutBoolean(value) {
  return typeof value === 'boolean' ? Number(value) : value;
}
