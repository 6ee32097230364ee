import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import { PageQuery, wholeNumber } from '../common/page.query';
import { DELIVERY_STATES, type DeliveryState } from './delivery';

const errorId = { message: 'error must be the id of an error' };

/** Query parameters of the list of deliveries. */
export class ListDeliveriesQuery extends PageQuery {
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
}
