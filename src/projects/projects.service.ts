import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import type { ProjectRead, ProjectReadResults } from './project-reads';

@Injectable()
export class ProjectsService {
  constructor(private readonly reader: DatabaseReader) {}

  /** Names of all projects that have ever reported, sorted by code point. */
  async listNames(): Promise<string[]> {
    const request: ProjectRead = { kind: 'names' };
    return (await this.reader.ask('projects/project-reads', request)) as ProjectReadResults['names'];
  }
}
