import { ApiProperty } from '@nestjs/swagger';

/** One frame of a stack trace, as it was written. */
export class FrameAnswer {
  @ApiProperty({ type: String, example: 'add', nullable: true })
  function!: string | null;

  @ApiProperty({ type: String, example: '/srv/shop/cart.py', nullable: true })
  file!: string | null;

  @ApiProperty({ type: Number, example: 31, nullable: true })
  line!: number | null;

  @ApiProperty({ type: Number, example: null, nullable: true })
  column!: number | null;

  @ApiProperty({
    example: false,
    description: 'whether it is code of the runtime or of a dependency, as far as its names tell',
  })
  library!: boolean;

  @ApiProperty({ example: true, description: 'where the error was thrown: true for one frame at most' })
  thrown!: boolean;
}
