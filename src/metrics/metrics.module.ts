import { Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { IngestModule } from '../ingest/ingest.module';
import { DeliveryMetrics } from './delivery-metrics';
import { HttpMetrics } from './http-metrics';
import { MetricsController } from './metrics.controller';
import { StateMetrics } from './state-metrics';
import { WriteMetrics } from './write-metrics';

/**
 * Counts for Prometheus, only there with `METRICS=true`. What is counted does not know of it: it listens to events of
 * the application and of Node's HTTP server, and asks for the rest when it is asked itself.
 *
 * Labels never hold anything from outside: neither a project nor a path as it was sent.
 */
@Module({
  imports: [DatabaseModule, ErrorsModule, IngestModule],
  controllers: [MetricsController],
  providers: [
    { provide: Registry, useFactory: makeRegistry },
    HttpMetrics,
    WriteMetrics,
    DeliveryMetrics,
    StateMetrics,
  ],
})
export class MetricsModule {}

/** With the figures of the process: CPU, memory, event-loop lag, garbage collection. */
function makeRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
