import { ApiProperty } from '@nestjs/swagger';
import { ERROR_ACTIONS, type ErrorAction } from './error-action';
import { MOST_BULK_IDS } from './parse-bulk-action';

export class ResolvedAnswer {
  @ApiProperty({ enum: ['resolved'] })
  status!: 'resolved';
}

export class ReopenedAnswer {
  @ApiProperty({ enum: ['open'] })
  status!: 'open';
}

export class DeletedAnswer {
  @ApiProperty({ enum: ['deleted'] })
  status!: 'deleted';
}

/** One action on many errors as clients send it; `parseBulkAction` checks it. */
export class BulkBody {
  @ApiProperty({ enum: ERROR_ACTIONS, example: 'resolve' })
  action!: ErrorAction;

  @ApiProperty({
    type: 'array',
    items: { type: 'integer', minimum: 0 },
    minItems: 1,
    maxItems: MOST_BULK_IDS,
    example: [17, 18, 19],
    description: 'ids of errors; one that is given twice counts once',
  })
  ids!: number[];
}

export class BulkAnswer {
  @ApiProperty({ enum: ERROR_ACTIONS, example: 'resolve' })
  action!: ErrorAction;

  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    example: [17, 18],
    description: 'those whose state this request changed; reopening exactly these undoes a resolve',
  })
  changed!: number[];

  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    example: [19],
    description: 'those that were in that state already',
  })
  unchanged!: number[];

  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    example: [],
    description: 'ids that no error has',
  })
  unknown!: number[];
}
