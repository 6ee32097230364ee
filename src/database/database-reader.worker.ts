import { openConnections } from './open-connections';
import { serveDatabaseThread } from './serve-database-thread';

/** Of a database that answers over a network, several reads wait at the same time. */
const CONNECTIONS = 3;

void serveDatabaseThread((location, use) => openConnections(location, use, CONNECTIONS), 'prepareReads');
