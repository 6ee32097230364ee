import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../common/public';
import { Readiness } from './readiness';

const RETRY_SECONDS = 5;

class HealthAnswer {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

class ReadyAnswer {
  @ApiProperty({ enum: ['ready'] })
  status!: 'ready';
}

class UnavailableAnswer {
  @ApiProperty({ enum: ['unavailable'] })
  status!: 'unavailable';

  @ApiProperty({ example: 'The server is stopping', description: 'one clear sentence' })
  detail!: string;
}

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @ApiOperation({
    summary: 'Tell that the process answers',
    description: 'Needs no key and is never limited.',
  })
  @ApiOkResponse({ type: HealthAnswer, description: 'it answers' })
  get(): HealthAnswer {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Tell whether reports are stored and errors can be read',
    description:
      'Tries it: a write that changes nothing is committed, and the number of errors is read. Answers within a second. ' +
      'Needs no key and is never limited; however many ask, the database is tried once a second at most.',
  })
  @ApiOkResponse({ type: ReadyAnswer, description: 'they are, and they can' })
  @ApiResponse({
    status: 503,
    type: UnavailableAnswer,
    description: 'not now: the database is locked, full, damaged or slow, or the server is stopping',
    example: { status: 'unavailable', detail: 'The database did not answer within 800 ms' },
    headers: {
      'Retry-After': {
        description: 'seconds until another try makes sense',
        schema: { type: 'integer', example: RETRY_SECONDS },
      },
    },
  })
  async getReady(@Res({ passthrough: true }) response: Response): Promise<ReadyAnswer | UnavailableAnswer> {
    const detail = await this.readiness.findObstacle();
    if (detail === null) return { status: 'ready' };
    response.status(503).set('Retry-After', String(RETRY_SECONDS));
    return { status: 'unavailable', detail };
  }
}
