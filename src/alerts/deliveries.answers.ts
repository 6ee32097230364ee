import { ApiProperty } from '@nestjs/swagger';
import {
  CHANNEL_NAMES,
  type ChannelName,
  DELIVERY_KINDS,
  DELIVERY_STATES,
  type DeliveryKind,
  type DeliveryState,
} from './delivery';

/** One attempt to tell one recipient, with what became of it. */
export class DeliveryAnswer {
  @ApiProperty({ example: 3 })
  id!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 17,
    description: 'null for test alerts and summaries',
  })
  error_id!: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'shop' })
  project!: string | null;

  @ApiProperty({ enum: DELIVERY_KINDS, description: 'why there is something to tell' })
  kind!: DeliveryKind;

  @ApiProperty({ enum: CHANNEL_NAMES })
  channel!: ChannelName;

  @ApiProperty({
    example: 'dev@example.com',
    description: 'a mail address, or the address of a webhook without its secret parts',
  })
  recipient!: string;

  @ApiProperty({
    enum: DELIVERY_STATES,
    description:
      '`pending`: waits for its first or next attempt; `sent`; `failed`: given up; `muted`: the recipient was told of ' +
      'the error a short while ago; `held`: over the hourly cap, waits for a summary; `summarized`: told in one',
  })
  state!: DeliveryState;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '127.0.0.1:25, 0 bytes received: connect ECONNREFUSED',
    description: 'why it was not sent, or what the last attempt came to',
  })
  reason!: string | null;

  @ApiProperty({ example: 1 })
  attempts!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  next_attempt_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'when it was sent or given up',
  })
  settled_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '250 2.0.0 OK',
    description: "the other side's last word",
  })
  response!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'of the last attempt' })
  duration_ms!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'from the other side, in the last attempt' })
  bytes_received!: number | null;
}

export class DeliveryList {
  @ApiProperty({ type: [DeliveryAnswer], description: 'newest first' })
  deliveries!: DeliveryAnswer[];

  @ApiProperty({ example: 1, description: 'how many fit the filters in all' })
  total!: number;

  @ApiProperty({ example: 50 })
  limit!: number;

  @ApiProperty({ example: 0 })
  offset!: number;
}

export class ChannelStatus {
  @ApiProperty({ description: 'whether alerts go out this way' })
  configured!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'SMTP_HOST',
    description: 'the first setting that is missing',
  })
  missing_setting!: string | null;

  @ApiProperty({ type: [String], example: ['dev@example.com'] })
  recipients!: string[];
}

export class FailedAttempt extends DeliveryAnswer {
  @ApiProperty({ format: 'date-time' })
  failed_at!: string;
}

export class AlertStatus {
  @ApiProperty({ description: 'whether anybody is told of new and returning errors' })
  enabled!: boolean;

  @ApiProperty({ type: ChannelStatus })
  mail!: ChannelStatus;

  @ApiProperty({ type: ChannelStatus })
  webhook!: ChannelStatus;

  @ApiProperty({ example: 0, description: 'deliveries that wait for an attempt' })
  queue_length!: number;

  @ApiProperty({ example: 0, description: 'deliveries over the hourly cap that wait for a summary' })
  held!: number;

  @ApiProperty({ type: DeliveryAnswer, nullable: true })
  last_success!: DeliveryAnswer | null;

  @ApiProperty({ type: FailedAttempt, nullable: true, description: 'the last attempt that failed' })
  last_failure!: FailedAttempt | null;

  @ApiProperty({ example: 30 })
  cooldown_minutes!: number;

  @ApiProperty({ example: 10, description: '0: any number' })
  hourly_cap!: number;
}
