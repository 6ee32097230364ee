import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { BodyReader } from '../common/body-reader';
import { ErrorsModule } from '../errors/errors.module';
import { IngestGate } from './ingest-gate';
import { IngestService } from './ingest.service';
import { ReportController } from './report.controller';

@Module({
  imports: [AuthModule, ErrorsModule],
  controllers: [ReportController],
  providers: [BodyReader, IngestService, IngestGate],
})
export class IngestModule {}
