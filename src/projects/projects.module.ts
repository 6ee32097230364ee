import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../database/database.module';
import { ProjectsController } from './projects.controller';
import { Project } from './project.entity';
import { ProjectsService } from './projects.service';

@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([Project])],
  controllers: [ProjectsController],
  providers: [ProjectsService],
})
export class ProjectsModule {}
