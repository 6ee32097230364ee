import { Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { BodyReader } from '../common/body-reader';
import { queryPipe } from '../common/query-pipe';
import { AppConfig } from '../config/app-config';
import { IdPipe } from './id.pipe';
import { parseNewProject, parseProjectChanges } from './parse-project';
import {
  NewProjectBody,
  ProjectAnswer,
  ProjectChangesBody,
  ProjectDetailsAnswer,
  ProjectDetailsQuery,
  ProjectList,
  toProjectAnswer,
} from './projects.answers';
import type { StoredProject } from './project-reads';
import { ProjectsService } from './projects.service';

/** 50 origins of 300 characters, each written with escapes, and a name. */
const MAX_PROJECT_BYTES = 128 * 1024;

@ApiTags('projects')
@Controller('api/projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly bodies: BodyReader,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the projects that have reported, sorted' })
  @ApiOkResponse({ type: ProjectList, description: 'the names' })
  @ApiDocumentedErrors({})
  async list(): Promise<ProjectList> {
    return { projects: await this.projects.listNames() };
  }

  @Get('details')
  @ApiOperation({
    summary: 'List the projects with their ingest keys and allowed origins',
    description: 'Those that were made by hand and have not reported yet are among them.',
  })
  @ApiOkResponse({ type: ProjectDetailsAnswer })
  @ApiDocumentedErrors({ 400: 'limit must be a whole number from 1 to 200' })
  async listDetails(
    @Query(queryPipe) { name, limit, offset }: ProjectDetailsQuery,
  ): Promise<ProjectDetailsAnswer> {
    const { projects, total } = await this.projects.list({ name, limit, offset });
    return { projects: projects.map((one) => this.answer(one)), total, limit, offset };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Make a project',
    description: 'A project is also made by the first report that names it.',
  })
  @ApiBody({ type: NewProjectBody })
  @ApiCreatedResponse({ type: ProjectAnswer })
  @ApiDocumentedErrors({
    400: 'name must be a string of 1 to 100 characters',
    409: 'There is a project of this name already, with the id 7',
    413: 'The body must be at most 131072 bytes (128 KiB)',
    415: 'The Content-Type must be application/json',
  })
  async create(@Req() request: Request): Promise<ProjectAnswer> {
    const { name, allowedOrigins } = parseNewProject(
      await this.bodies.readJsonText(request, MAX_PROJECT_BYTES),
    );
    return this.answer(await this.projects.create(name, allowedOrigins));
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Show a project with its ingest keys',
    description: 'Those in force come first, then the 20 that were revoked last.',
  })
  @ApiOkResponse({ type: ProjectAnswer })
  @ApiDocumentedErrors({ 400: 'id must be a whole number', 404: 'There is no project 7' })
  async get(@Param('id', IdPipe) id: number): Promise<ProjectAnswer> {
    return this.answer(await this.projects.get(id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Set from which pages browsers may report to a project' })
  @ApiBody({ type: ProjectChangesBody })
  @ApiOkResponse({ type: ProjectAnswer })
  @ApiDocumentedErrors({
    400: 'allowed_origins must be a list of at most 50 origins',
    404: 'There is no project 7',
    413: 'The body must be at most 131072 bytes (128 KiB)',
    415: 'The Content-Type must be application/json',
  })
  async change(@Param('id', IdPipe) id: number, @Req() request: Request): Promise<ProjectAnswer> {
    const text = await this.bodies.readJsonText(request, MAX_PROJECT_BYTES);
    return this.answer(await this.projects.setAllowedOrigins(id, parseProjectChanges(text).allowedOrigins));
  }

  private answer(stored: StoredProject): ProjectAnswer {
    return toProjectAnswer(stored, this.config.baseUrl);
  }
}
