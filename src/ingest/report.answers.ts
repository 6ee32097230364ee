import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** A report as clients send it; `parseReport` checks it. */
export class ReportBody {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'shop' })
  project!: string;

  @ApiProperty({ minLength: 1, maxLength: 200, example: 'ValueError' })
  exception_type!: string;

  @ApiProperty({ example: 'invalid literal for int() with base 10: "12a"', description: 'may be empty' })
  message!: string;

  @ApiProperty({
    example:
      'Traceback (most recent call last):\n  File "/srv/shop/cart.py", line 31, in add\n    quantity = int(text)\n' +
      'ValueError: invalid literal for int() with base 10: "12a"',
    description: 'the stack trace as the language prints it; may be empty',
  })
  traceback!: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'https://shop.example.com/cart' })
  request_url?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 10,
    example: 'POST',
    description: '`BROWSER` marks a report that came from a browser',
  })
  request_method?: string | null;

  @ApiPropertyOptional({
    description: 'any JSON',
    nullable: true,
    type: 'object',
    additionalProperties: true,
    example: { 'user-agent': 'curl/8.5.0' },
  })
  request_headers?: unknown;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, example: 'user-1207' })
  user_id?: string | null;

  @ApiPropertyOptional({
    description: 'any JSON; `{"source": "browser"}` marks a report that came from a browser',
    nullable: true,
    type: 'object',
    additionalProperties: true,
    example: { release: '2026.11.3' },
  })
  extra?: unknown;
}

export class CreatedAnswer {
  @ApiProperty({ enum: ['created'] })
  status!: 'created';

  @ApiProperty({ example: '9b74c9897bac770ffc029102a200c5de' })
  fingerprint!: string;

  @ApiProperty({ example: 17, description: 'id of the new error' })
  id!: number;
}

export class ExistingAnswer {
  @ApiProperty({ enum: ['existing'] })
  status!: 'existing';

  @ApiProperty({ example: '9b74c9897bac770ffc029102a200c5de' })
  fingerprint!: string;

  @ApiProperty({ example: 42, description: 'reports of this error so far, this one included' })
  count!: number;
}
