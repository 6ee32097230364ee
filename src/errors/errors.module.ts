import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../database/database.module';
import { ErrorGroup } from './error-group.entity';
import { ErrorPruner } from './error-pruner';
import { ErrorWriter } from './error-writer';
import { ErrorsController } from './errors.controller';
import { ErrorsService } from './errors.service';
import { ListErrors } from './list-errors';
import { Occurrence } from './occurrence.entity';

@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([ErrorGroup, Occurrence])],
  controllers: [ErrorsController],
  providers: [ErrorWriter, ErrorsService, ListErrors, ErrorPruner],
  exports: [ErrorWriter, ErrorPruner],
})
export class ErrorsModule {}
