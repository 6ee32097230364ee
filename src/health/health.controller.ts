import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../common/public';

class HealthAnswer {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  @Get()
  @ApiOperation({
    summary: 'Tell that the process answers',
    description: 'Needs no key and is never limited.',
  })
  @ApiOkResponse({ type: HealthAnswer, description: 'it answers' })
  get(): HealthAnswer {
    return { status: 'ok' };
  }
}
