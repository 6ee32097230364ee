import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Project } from './project.entity';

@Injectable()
export class ProjectsService {
  constructor(@InjectRepository(Project) private readonly projects: Repository<Project>) {}

  /** Names of all projects that have ever reported, sorted by code point. */
  async listNames(): Promise<string[]> {
    const projects = await this.projects.find({ order: { name: 'ASC' } });
    return projects.map((project) => project.name);
  }
}
