import { openConnections } from './open-connections';
import { serveDatabaseThread } from './serve-database-thread';

void serveDatabaseThread((location) => openConnections(location, 'write', 1), 'prepareWrites');
