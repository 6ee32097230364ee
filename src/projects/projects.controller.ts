import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { ProjectsService } from './projects.service';

class ProjectList {
  @ApiProperty({ example: ['billing', 'shop'] })
  projects!: string[];
}

@ApiTags('projects')
@Controller('api/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @ApiOperation({ summary: 'List the projects that have reported, sorted' })
  @ApiOkResponse({ type: ProjectList, description: 'the names' })
  @ApiDocumentedErrors({})
  async list(): Promise<ProjectList> {
    return { projects: await this.projects.listNames() };
  }
}
