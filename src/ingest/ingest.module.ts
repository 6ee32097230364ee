import { Module } from '@nestjs/common';
import { ErrorsModule } from '../errors/errors.module';
import { IngestService } from './ingest.service';
import { ReportController } from './report.controller';

@Module({
  imports: [ErrorsModule],
  controllers: [ReportController],
  providers: [IngestService],
})
export class IngestModule {}
