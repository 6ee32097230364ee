import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { withinTime } from '../common/within-time';
import { DatabaseSize } from '../database/database-size';
import { ErrorsService } from '../errors/errors.service';
import { LiveEvents } from '../errors/live-events';

/** A database that does not answer must not keep the other figures from whoever looks for the reason. */
const READ_TIMEOUT_MS = 1_000;

/** What there is at the time it is asked for. */
@Injectable()
export class StateMetrics {
  constructor(
    registry: Registry,
    databaseSize: DatabaseSize,
    errorsService: ErrorsService,
    live: LiveEvents,
  ) {
    const registers = [registry];
    const errors: Gauge<'state'> = new Gauge({
      name: 'error_tracker_errors',
      help: 'Errors by state; missing while the database cannot be read',
      labelNames: ['state'],
      registers,
      collect: async () => {
        const found = await withinTime(READ_TIMEOUT_MS, errorsService.getTotals()).catch(() => null);
        if (!found) {
          errors.reset();
          return;
        }
        errors.set({ state: 'open' }, found.open);
        errors.set({ state: 'resolved' }, found.resolved);
      },
    });
    const bytes: Gauge = new Gauge({
      name: 'error_tracker_database_bytes',
      help: 'Size of the database on the disk; missing while that cannot be read',
      registers,
      collect: async () => {
        const found = await withinTime(READ_TIMEOUT_MS, databaseSize.find()).catch(() => null);
        if (found === null) bytes.remove();
        else bytes.set(found);
      },
    });
    const listeners: Gauge = new Gauge({
      name: 'error_tracker_live_listeners',
      help: 'Clients that listen to changes',
      registers,
      collect: () => listeners.set(live.listeners),
    });
  }
}
