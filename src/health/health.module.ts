import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

@Module({
  imports: [DatabaseModule, ErrorsModule],
  controllers: [HealthController],
  providers: [Readiness],
})
export class HealthModule {}
