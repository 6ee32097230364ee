import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { StatusController } from './status.controller';
import { StatusService } from './status.service';

@Module({
  imports: [DatabaseModule, ErrorsModule],
  controllers: [StatusController],
  providers: [StatusService],
})
export class StatusModule {}
