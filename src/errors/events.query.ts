import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsText } from '../common/query-text';

/** Query parameters of an event. */
export class EventQuery {
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, description: 'only in this project, such as `shop`' })
  @IsOptional()
  @IsText('project', 1, 100)
  project?: string;
}
