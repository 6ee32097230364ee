import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { Gauge, Histogram, Registry } from 'prom-client';
import { REPORTS_COMMITTED, type ReportsCommit } from '../errors/error-events';
import { MOST_WAITING_BYTES, MOST_WAITING_REPORTS, WriteQueue } from '../errors/write-queue';

const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What waits to be written, and the transactions that write it. */
@Injectable()
export class WriteMetrics {
  private readonly batches: Histogram;
  private readonly durations: Histogram;

  constructor(registry: Registry, queue: WriteQueue) {
    const registers = [registry];
    this.batches = new Histogram({
      name: 'error_tracker_commit_reports',
      help: 'Reports stored in one transaction',
      buckets: BATCH_BUCKETS,
      registers,
    });
    this.durations = new Histogram({
      name: 'error_tracker_commit_duration_seconds',
      help: 'Time of a transaction in the writer thread, from its beginning until its reports were on the disk',
      buckets: DURATION_BUCKETS,
      registers,
    });
    const addGauge = (name: string, help: string, read: () => number) => {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
    };
    addGauge(
      'error_tracker_waiting_reports',
      'Reports that were taken and are not on the disk yet',
      () => queue.waitingReports,
    );
    addGauge(
      'error_tracker_waiting_reports_limit',
      'So many may wait; more are refused with 503',
      () => MOST_WAITING_REPORTS,
    );
    addGauge(
      'error_tracker_waiting_bytes',
      'About how much memory waiting reports hold',
      () => queue.waitingBytes,
    );
    addGauge(
      'error_tracker_waiting_bytes_limit',
      'So much they may hold; more are refused with 503',
      () => MOST_WAITING_BYTES,
    );
  }

  @OnEvent(REPORTS_COMMITTED)
  onCommitted({ reports, durationMs }: ReportsCommit): void {
    this.batches.observe(reports);
    this.durations.observe(durationMs / 1000);
  }
}
