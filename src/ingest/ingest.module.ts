import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { BodyReaderModule } from '../common/body-reader.module';
import { ErrorsModule } from '../errors/errors.module';
import { FeedbackModule } from '../feedback/feedback.module';
import { LedgerModule } from '../ledger/ledger.module';
import { IngestGate } from './ingest-gate';
import { IngestService } from './ingest.service';
import { SentryController } from './sentry/sentry.controller';
import { SentryBodies } from './sentry/body/sentry-bodies';
import { SentryGate } from './sentry/sentry-gate';
import { SentryIngest } from './sentry/sentry-ingest';
import { SentryStore } from './sentry/sentry-store';
import { ReportController } from './report.controller';

@Module({
  imports: [AuthModule, BodyReaderModule, ErrorsModule, FeedbackModule, LedgerModule],
  controllers: [ReportController, SentryController],
  providers: [IngestService, IngestGate, SentryBodies, SentryIngest, SentryStore, SentryGate],
  exports: [IngestGate, SentryGate],
})
export class IngestModule {}
