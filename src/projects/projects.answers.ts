import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { PageQuery } from '../common/page.query';
import { sqlTimeToIso } from '../database/sql-time';
import { MOST_ORIGINS } from './allowed-origins';
import { buildDsn } from './build-dsn';
import type { StoredKey } from './ingest-key';
import type { StoredProject } from './project-reads';

const ORIGINS = {
  maxItems: MOST_ORIGINS,
  example: ['https://shop.example.com', 'https://*.shop.example.com'],
  description:
    'from which pages browsers may report with an ingest key: an origin, a pattern for all names below one, or `*`; ' +
    'while it is empty, pages with a Sentry SDK may report from everywhere, and others not at all',
};
const RATE = {
  minimum: 0,
  maximum: 1_000_000,
  example: 600,
  description:
    'requests a minute with this key, whoever sends them; 0 is no limit but the one of each address',
};
const KEY_NAME = { minLength: 1, maxLength: 100, example: 'web shop', description: 'for people' };

export class ProjectList {
  @ApiProperty({ example: ['billing', 'shop'] })
  projects!: string[];
}

export class IngestKeyAnswer {
  @ApiProperty({ example: 3 })
  id!: number;

  @ApiProperty({
    example: '5b9f0f6a4c1e4d0a8d5b7c3e2f1a0b9c',
    description: '32 lower-case hexadecimal digits',
  })
  key!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'https://5b9f0f6a4c1e4d0a8d5b7c3e2f1a0b9c@errors.example.com/7',
    description:
      'what Sentry SDKs are given to report with this key; begins with BASE_URL, holds no secret, and is null when the key is revoked',
  })
  dsn!: string | null;

  @ApiProperty(KEY_NAME)
  name!: string;

  @ApiProperty({ ...RATE, type: 'integer' })
  rate_limit_per_minute!: number;

  @ApiProperty({ example: '2026-11-23T06:00:00.000Z', format: 'date-time' })
  created_at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    format: 'date-time',
    description: 'since then it is refused; null while it is in force',
  })
  revoked_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-11-23T08:05:00.000Z',
    format: 'date-time',
    description: 'to the minute; null when it never was',
  })
  last_used_at!: string | null;
}

export class ProjectAnswer {
  @ApiProperty({ example: 7 })
  id!: number;

  @ApiProperty({ example: 'shop', description: 'what reports carry as `project`' })
  name!: string;

  @ApiProperty({ ...ORIGINS, type: [String] })
  allowed_origins!: string[];

  @ApiProperty({ type: [IngestKeyAnswer] })
  keys!: IngestKeyAnswer[];
}

export class ProjectDetailsAnswer {
  @ApiProperty({ type: [ProjectAnswer], description: 'by name, in any case, each with its keys in force' })
  projects!: ProjectAnswer[];

  @ApiProperty({ example: 27, description: 'how many there are in all' })
  total!: number;

  @ApiProperty({ example: 50 })
  limit!: number;

  @ApiProperty({ example: 0 })
  offset!: number;
}

export class RevokedAnswer {
  @ApiProperty({ enum: ['revoked'] })
  status!: 'revoked';
}

export class NewProjectBody {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'shop' })
  name!: string;

  @ApiPropertyOptional({ ...ORIGINS, type: [String], default: [] })
  allowed_origins?: string[];
}

export class ProjectChangesBody {
  @ApiProperty({ ...ORIGINS, type: [String] })
  allowed_origins!: string[];
}

export class NewKeyBody {
  @ApiPropertyOptional({ ...KEY_NAME, default: 'default' })
  name?: string;

  @ApiPropertyOptional({ ...RATE, type: 'integer', default: 0 })
  rate_limit_per_minute?: number;
}

export class KeyChangesBody {
  @ApiPropertyOptional(KEY_NAME)
  name?: string;

  @ApiPropertyOptional({ ...RATE, type: 'integer' })
  rate_limit_per_minute?: number;
}

/** Query parameters of the list of projects with their keys. */
export class ProjectDetailsQuery extends PageQuery {
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, description: 'only the project of this name' })
  @IsOptional()
  @Length(1, 100, { message: 'name must be 1 to 100 characters long' })
  @IsString({ message: 'name must be given once' })
  name?: string;
}

/** @param baseUrl of this server */
export function toProjectAnswer(stored: StoredProject, baseUrl: string): ProjectAnswer {
  const { id, name, allowed_origins: origins, keys } = stored;
  return {
    id,
    name,
    allowed_origins: JSON.parse(origins) as string[],
    keys: keys.map((key) => toKeyAnswer(key, baseUrl)),
  };
}

/** @param baseUrl of this server */
export function toKeyAnswer(stored: StoredKey, baseUrl: string): IngestKeyAnswer {
  const { id, key, project_id, name, rate_limit_per_minute, created_at, revoked_at, last_used_at } = stored;
  return {
    id,
    key,
    dsn: revoked_at === null ? buildDsn(baseUrl, key, project_id) : null,
    name,
    rate_limit_per_minute,
    created_at: sqlTimeToIso(created_at),
    revoked_at: revoked_at && sqlTimeToIso(revoked_at),
    last_used_at: last_used_at && sqlTimeToIso(last_used_at),
  };
}
