import { ApiProperty } from '@nestjs/swagger';

/** What a user said. */
export class FeedbackAnswer {
  @ApiProperty({ example: 3 })
  id!: number;

  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 17,
    description:
      'the error that it is about; null when it names no event, or none that was known within an hour after it came',
  })
  error_id!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    description: 'the event that it names',
  })
  event_id!: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 200, example: 'Ada' })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 200, example: 'ada@example.com' })
  email!: string | null;

  @ApiProperty({ maxLength: 4096, example: 'I pressed Pay, and nothing happened.' })
  message!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'https://shop.example.com/cart',
    description: 'the page on which it was said',
  })
  url!: string | null;

  @ApiProperty({ example: '2026-11-23T08:05:00.000Z', format: 'date-time' })
  received_at!: string;
}

export class FeedbackList {
  @ApiProperty({ type: [FeedbackAnswer], description: 'newest first' })
  feedback!: FeedbackAnswer[];

  @ApiProperty({ example: 1, description: 'how much there is in all' })
  total!: number;

  @ApiProperty({ example: 50 })
  limit!: number;

  @ApiProperty({ example: 0 })
  offset!: number;
}
