import { serveDatabaseThread } from './serve-database-thread';
import { openSqliteConnection } from './sqlite-connection';

serveDatabaseThread(openSqliteConnection, 'prepareWrites');
