import { ApiProperty } from '@nestjs/swagger';

/** Another project that has an event of the same id. */
export class OtherEventAnswer {
  @ApiProperty({ example: 'billing' })
  project!: string;

  @ApiProperty({ example: 18 })
  error_id!: number;
}

/** Where an event is. */
export class EventAnswer {
  @ApiProperty({ example: 'fc6d8c0c43fc4630ad850ee518f1b9d0' })
  event_id!: string;

  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({ example: 17, description: 'the error that it was counted for' })
  error_id!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 310,
    description: 'null when the occurrence itself is not kept any more: of each error the newest five are',
  })
  occurrence_id!: number | null;

  @ApiProperty({ example: '2026-11-23T17:02:11.480Z', format: 'date-time' })
  received_at!: string;

  @ApiProperty({
    type: [OtherEventAnswer],
    maxItems: 10,
    description:
      'where the id came before in other projects, the newest first; empty when a project is named',
  })
  others!: OtherEventAnswer[];
}
