import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Breadcrumb, ExceptionContext, SourceFrame } from './occurrence-context';
import { FrameAnswer } from './frame.answer';

export class SourceFrameAnswer extends FrameAnswer implements SourceFrame {
  @ApiPropertyOptional({ example: '/srv/shop/cart.py', description: 'the whole path, where it differs' })
  path?: string;

  @ApiPropertyOptional({ example: 'shop.cart' })
  module?: string;

  @ApiPropertyOptional({ type: [String], description: 'the source lines before, at most five' })
  before?: string[];

  @ApiPropertyOptional({ example: '    quantity = int(text)', description: 'the source line itself' })
  source?: string;

  @ApiPropertyOptional({ type: [String], description: 'the source lines after, at most five' })
  after?: string[];

  @ApiPropertyOptional({ type: Object, example: { text: "'12a'" }, description: 'local variables by name' })
  variables?: Record<string, unknown>;
}

export class ExceptionAnswer implements ExceptionContext {
  @ApiProperty({ type: String, nullable: true, example: 'ValueError' })
  type!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'invalid literal for int() with base 10: "12a"' })
  value!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'builtins' })
  module!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'excepthook',
    description: 'how the client came to know of it',
  })
  mechanism!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, example: false })
  handled!: boolean | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: null,
    description: 'place in the list of the group that it is a member of',
  })
  parent!: number | null;

  @ApiProperty({ type: [SourceFrameAnswer], description: 'newest call first, at most 250' })
  frames!: SourceFrameAnswer[];
}

export class BreadcrumbAnswer implements Breadcrumb {
  @ApiProperty({ type: String, nullable: true, format: 'date-time', example: '2026-11-23T17:02:09.113Z' })
  timestamp!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'http' })
  type!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'httplib' })
  category!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'info' })
  level!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'GET /prices' })
  message!: string | null;

  @ApiPropertyOptional({ type: Object, example: { status_code: 200 } })
  data?: unknown;
}
