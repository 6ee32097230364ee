import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { ErrorsModule } from '../errors/errors.module';
import { BodyReader } from './body-reader';
import { IngestGate } from './ingest-gate';
import { IngestService } from './ingest.service';
import { ReportController } from './report.controller';

@Module({
  imports: [AuthModule, ErrorsModule],
  controllers: [ReportController],
  providers: [BodyReader, IngestService, IngestGate],
})
export class IngestModule {}
