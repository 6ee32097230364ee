import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { wholeNumber } from '../common/query-pipe';
import { DELIVERY_STATES, type DeliveryState } from './delivery';

const errorId = { message: 'error must be the id of an error' };
const limitRange = { message: 'limit must be a whole number from 1 to 200' };
const offsetRange = { message: 'offset must be a whole number of at least 0' };

/** Query parameters of the list of deliveries. */
export class ListDeliveriesQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'only deliveries about this error' })
  @IsOptional()
  @IsInt(errorId)
  @Min(1, errorId)
  @Transform((params: TransformFnParams) => (params.value === undefined ? undefined : wholeNumber(params)))
  error?: number;

  @ApiPropertyOptional({ enum: DELIVERY_STATES })
  @IsOptional()
  @IsIn(DELIVERY_STATES, { message: `state must be one of ${DELIVERY_STATES.join(', ')}` })
  state?: DeliveryState;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsInt(limitRange)
  @Min(1, limitRange)
  @Max(200, limitRange)
  @Transform(wholeNumber)
  limit: number = 50;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsInt(offsetRange)
  @Min(0, offsetRange)
  @Max(Number.MAX_SAFE_INTEGER, offsetRange)
  @Transform(wholeNumber)
  offset: number = 0;
}
