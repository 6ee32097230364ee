import { openConnections } from './open-connections';
import { serveDatabaseThread } from './serve-database-thread';

void serveDatabaseThread((location, use) => openConnections(location, use, 1), 'prepareWrites');
