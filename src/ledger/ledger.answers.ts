import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { wholeNumber } from '../common/page.query';
import { sqlTimeToIso } from '../database/sql-time';
import type { StoredEntry } from './ledger-reads';
import {
  explainReason,
  LEDGER_OUTCOMES,
  LEDGER_REASONS,
  type LedgerOutcome,
  type LedgerReason,
} from './ledger-reasons';

const limitRange = { message: 'limit must be a whole number from 1 to 200' };
const projectId = { message: 'project_id must be a whole number of at least 0' };

/** Query parameters of the ledger. */
export class LedgerQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 7,
    description: 'only what belongs to this project; 0: only what belongs to none',
  })
  @IsOptional()
  @IsInt(projectId)
  @Min(0, projectId)
  @Transform((params: TransformFnParams) => (params.value === undefined ? undefined : wholeNumber(params)))
  project_id?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsInt(limitRange)
  @Min(1, limitRange)
  @Max(200, limitRange)
  @Transform(wholeNumber)
  limit: number = 50;
}

/** What befell reports in the same way, from the same client; without a key, of any client. */
export class LedgerEntryAnswer {
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 7,
    description: 'null when no project that exists was addressed',
  })
  project_id!: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'shop', description: 'its name' })
  project!: string | null;

  @ApiProperty({
    enum: LEDGER_OUTCOMES,
    description:
      '`refused`: the client was told so; `truncated`: stored without some parts; `duplicate`: came again; ' +
      '`ignored`: not kept here; `lost`: the client says that it dropped it before sending',
  })
  outcome!: LedgerOutcome;

  @ApiProperty({ enum: Object.keys(LEDGER_REASONS), example: 'origin' })
  reason!: LedgerReason;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 200,
    example: 'https://shop.example.com',
    description:
      'what exactly: an origin, a type of item, what was cut; without a key, of the last; never a body or a key',
  })
  detail!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 100,
    example: 'sentry.python/2.68.0',
    description: 'of what came without a key, the last',
  })
  client!: string | null;

  @ApiProperty({ example: 12 })
  count!: number;

  @ApiProperty({ example: '2026-11-23T06:00:00.000Z', format: 'date-time' })
  first_at!: string;

  @ApiProperty({ example: '2026-11-23T08:05:00.000Z', format: 'date-time' })
  last_at!: string;

  @ApiProperty({ example: LEDGER_REASONS.origin.explanation, description: 'what happened, for people' })
  explanation!: string;

  @ApiProperty({ example: LEDGER_REASONS.origin.remedy, description: 'what helps' })
  remedy!: string;
}

export class LedgerAnswer {
  @ApiProperty({ type: [LedgerEntryAnswer], description: 'newest first' })
  entries!: LedgerEntryAnswer[];
}

export function toEntryAnswer(stored: StoredEntry): LedgerEntryAnswer {
  const { project_id: id, project, reason, detail, client, n, first_at, last_at } = stored;
  const { outcome, explanation, remedy } = explainReason(reason);
  return {
    project_id: id || null,
    project,
    outcome,
    reason,
    detail: detail || null,
    client: client || null,
    count: n,
    first_at: sqlTimeToIso(first_at),
    last_at: sqlTimeToIso(last_at),
    explanation,
    remedy,
  };
}
