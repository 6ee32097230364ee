import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { IngestKeys } from './ingest-keys';
import { KeyUses } from './key-uses';
import { ProjectsService } from './projects.service';

@Module({
  imports: [DatabaseModule],
  providers: [IngestKeys, KeyUses, ProjectsService],
  exports: [IngestKeys, KeyUses, ProjectsService],
})
export class ProjectsModule {}
