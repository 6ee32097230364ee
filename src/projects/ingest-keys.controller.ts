import { Controller, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { BodyReader } from '../common/body-reader';
import { AppConfig } from '../config/app-config';
import { IdPipe } from './id.pipe';
import { parseKeyChanges, parseNewKey } from './parse-project';
import { IngestKeyAnswer, KeyChangesBody, NewKeyBody, RevokedAnswer, toKeyAnswer } from './projects.answers';
import { ProjectsService } from './projects.service';

const MAX_KEY_BYTES = 4 * 1024;
const BODY_ERRORS = {
  413: 'The body must be at most 4096 bytes (4 KiB)',
  415: 'The Content-Type must be application/json',
};

@ApiTags('projects')
@Controller('api/projects/:id/keys')
export class IngestKeysController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly bodies: BodyReader,
    private readonly config: AppConfig,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make an ingest key for a project',
    description:
      'It may report errors of this project (`POST /api/errors` with `X-Ingest-Key`, or a Sentry SDK with its `dsn`), and read nothing: it may stand in a page.',
  })
  @ApiBody({ type: NewKeyBody })
  @ApiCreatedResponse({ type: IngestKeyAnswer })
  @ApiDocumentedErrors({
    400: 'rate_limit_per_minute must be a whole number from 0 to 1000000',
    404: 'There is no project 7',
    409: 'The project has 100 ingest keys already: revoke one first',
    ...BODY_ERRORS,
  })
  async create(@Param('id', IdPipe) id: number, @Req() request: Request): Promise<IngestKeyAnswer> {
    const settings = parseNewKey(await this.bodies.readJsonText(request, MAX_KEY_BYTES));
    return toKeyAnswer(await this.projects.createKey(id, settings), this.config.baseUrl);
  }

  @Patch(':key_id')
  @ApiOperation({ summary: 'Rename an ingest key, or set its limit' })
  @ApiBody({ type: KeyChangesBody })
  @ApiOkResponse({ type: IngestKeyAnswer })
  @ApiDocumentedErrors({
    400: 'name or rate_limit_per_minute is required',
    404: 'The project 7 has no ingest key 3',
    ...BODY_ERRORS,
  })
  async change(
    @Param('id', IdPipe) id: number,
    @Param('key_id', IdPipe) keyId: number,
    @Req() request: Request,
  ): Promise<IngestKeyAnswer> {
    const changes = parseKeyChanges(await this.bodies.readJsonText(request, MAX_KEY_BYTES));
    return toKeyAnswer(await this.projects.changeKey(id, keyId, changes), this.config.baseUrl);
  }

  @Post(':key_id/revoke')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Revoke an ingest key',
    description:
      'Idempotent, and cannot be undone. Reports with it are answered 401 from now on; other replicas follow within a second.',
  })
  @ApiOkResponse({ type: RevokedAnswer })
  @ApiDocumentedErrors({ 400: 'key_id must be a whole number', 404: 'The project 7 has no ingest key 3' })
  async revoke(
    @Param('id', IdPipe) id: number,
    @Param('key_id', IdPipe) keyId: number,
  ): Promise<RevokedAnswer> {
    await this.projects.revokeKey(id, keyId);
    return { status: 'revoked' };
  }
}
