import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { BodyReaderModule } from '../common/body-reader.module';
import { ErrorsModule } from '../errors/errors.module';
import { LedgerModule } from '../ledger/ledger.module';
import { IngestGate } from './ingest-gate';
import { IngestService } from './ingest.service';
import { ReportController } from './report.controller';

@Module({
  imports: [AuthModule, BodyReaderModule, ErrorsModule, LedgerModule],
  controllers: [ReportController],
  providers: [IngestService, IngestGate],
  exports: [IngestGate],
})
export class IngestModule {}
