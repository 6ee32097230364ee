import { Module } from '@nestjs/common';
import { BodyReaderModule } from '../common/body-reader.module';
import { IngestKeySeeder } from './ingest-key-seeder';
import { IngestKeysController } from './ingest-keys.controller';
import { ProjectsController } from './projects.controller';
import { ProjectsModule } from './projects.module';

/** What only the server has: commands do without. `AppModule` says after which routes its own come. */
@Module({
  imports: [BodyReaderModule, ProjectsModule],
  controllers: [ProjectsController, IngestKeysController],
  providers: [IngestKeySeeder],
})
export class ProjectsApiModule {}
