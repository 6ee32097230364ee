import { ApiProperty } from '@nestjs/swagger';

export class TagNamesAnswer {
  @ApiProperty({ type: [String], example: ['environment', 'level', 'region', 'release', 'user'] })
  names!: string[];

  @ApiProperty({ example: false, description: 'there are more than these' })
  more!: boolean;
}

export class TagValuesAnswer {
  @ApiProperty({ example: 'environment' })
  name!: string;

  @ApiProperty({ type: [String], example: ['production', 'staging'] })
  values!: string[];

  @ApiProperty({ example: false, description: 'there are more after these' })
  more!: boolean;
}
