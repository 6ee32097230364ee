import { ApiPropertyOptional } from '@nestjs/swagger';

export class EventAnswer {
  @ApiPropertyOptional({
    example: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    description: 'of the event; missing when there is none',
  })
  id?: string;
}
