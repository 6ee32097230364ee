import { ApiProperty } from '@nestjs/swagger';

/** A tag of an error with the values that its reports had. */
export class TagValuesAnswer {
  @ApiProperty({ example: 'environment' })
  name!: string;

  @ApiProperty({ type: [String], example: ['production', 'staging'], description: 'each once, at most 20' })
  values!: string[];

  @ApiProperty({ example: false, description: 'whether there are more than these' })
  more!: boolean;
}
