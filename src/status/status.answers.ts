import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class SettingAnswer {
  @ApiProperty({ example: 'PORT', description: 'the environment variable' })
  name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '5010',
    description: 'as one would write it; null when it is not set or a secret',
  })
  value!: string | null;

  @ApiProperty({ example: true })
  is_default!: boolean;

  @ApiProperty({ example: false, description: 'whether the value is a secret or holds one' })
  is_secret!: boolean;

  @ApiPropertyOptional({ example: true, description: 'given for secrets' })
  is_set?: boolean;
}

export class DatabaseStatus {
  @ApiProperty({ enum: ['sqlite', 'postgres'] })
  kind!: 'sqlite' | 'postgres';

  @ApiProperty({ example: '3.53.2', description: 'of SQLite, or of the PostgreSQL server' })
  version!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '/var/lib/error-tracker/errors.db',
    description: 'of the SQLite file; null with PostgreSQL',
  })
  path!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'db.example.com:5432/errors',
    description: 'of the PostgreSQL database, without user and password; null with SQLite',
  })
  address!: string | null;

  @ApiProperty({ example: 1_245_184, description: 'on the disk; of SQLite with the write-ahead log' })
  bytes!: number;
}

export class OpenAndResolved {
  @ApiProperty({ example: 12 })
  open!: number;

  @ApiProperty({ example: 345 })
  resolved!: number;
}

export class StatusAnswer {
  @ApiProperty({ example: '0.1.0' })
  version!: string;

  @ApiProperty({ example: 'v20.19.0' })
  node!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '3.53.2',
    description: 'null with PostgreSQL: see `database.version`',
  })
  sqlite!: string | null;

  @ApiProperty({ example: '2026-11-23T06:00:00.000Z', format: 'date-time' })
  started_at!: string;

  @ApiProperty({ example: 39_731 })
  uptime_seconds!: number;

  @ApiProperty({
    example: 'https://errors.example.com',
    description:
      'BASE_URL: the links in alerts and DSNs begin with it. A user name or password in it is left out',
  })
  base_url!: string;

  @ApiProperty({ type: DatabaseStatus })
  database!: DatabaseStatus;

  @ApiProperty({ type: OpenAndResolved, description: 'how many errors there are' })
  errors!: OpenAndResolved;

  @ApiProperty({ example: 0, description: 'reports that were taken and are not on the disk yet' })
  waiting_reports!: number;

  @ApiProperty({ type: [SettingAnswer] })
  settings!: SettingAnswer[];
}
