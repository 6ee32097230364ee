import { serveDatabaseThread } from './serve-database-thread';
import { openSqliteConnection } from './sqlite-connection';

serveDatabaseThread((path) => {
  const connection = openSqliteConnection(path);
  connection.pragma('query_only = ON');
  connection.pragma('temp_store = MEMORY');
  return connection;
}, 'prepareReads');
