import { parsePostgresAddress } from '../../src/database/postgres/postgres-address';

describe('the address of a PostgreSQL database', () => {
  it.each([
    ['postgres://me:secret@db:5433/errors', ['postgres://me:secret@db:5433/errors'], 'db:5433/errors'],
    ['postgresql://db/errors', ['postgres://db/errors'], 'db/errors'],
    [
      'postgres://me:s%40cret%2F@db1,db2:5433/errors?sslmode=verify-full',
      [
        'postgres://me:s%40cret%2F@db1/errors?sslmode=verify-full',
        'postgres://me:s%40cret%2F@db2:5433/errors?sslmode=verify-full',
      ],
      'db1,db2:5433/errors',
    ],
    [
      'postgres://me@[::1]:5432,[fd00::2]/errors',
      ['postgres://me@[::1]:5432/errors', 'postgres://me@[fd00::2]/errors'],
      '[::1]:5432,[fd00::2]/errors',
    ],
  ])('%s is read with all of its hosts, and shown without user and password', (text, urls, shown) => {
    expect(parsePostgresAddress(text)).toEqual({ urls, shown });
  });

  it.each([
    ['no scheme', 'db:5432/errors'],
    ['another database', 'mysql://db/errors'],
    ['no host', 'postgres:///errors'],
    ['an empty host between others', 'postgres://db1,,db2/errors'],
    ['a port that is no number', 'postgres://db:five/errors'],
    ['a password with a slash that is not encoded', 'postgres://me:se/cret@db/errors'],
    ['nothing', ''],
  ])('%s is no address', (_what, text) => {
    expect(parsePostgresAddress(text)).toBeNull();
  });
});
