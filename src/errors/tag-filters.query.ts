import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { PageQuery } from '../common/page.query';
import { IsText } from '../common/query-text';
import type { Tag } from './error-tags';
import { type Level, LEVELS } from './report';
import { LONGEST_VALUE, MOST_TAGS, parseTag } from './tag-filter';

const tagForm =
  'tag must be a name and a value, such as region:eu, of at most 200 and 250 characters: what is written before the first colon is the name, in which \\: is a colon and \\\\ a backslash';

/** Query parameters of a list of errors by what their reports had; an error fits when any of its reports did. */
export class TagFiltersQuery extends PageQuery {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: LONGEST_VALUE,
    description: 'only errors that were reported from this environment, such as `production`',
  })
  @IsOptional()
  @IsText('environment', 1, LONGEST_VALUE)
  environment?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: LONGEST_VALUE,
    description: 'only errors that were reported by this release, such as `shop@2026.11.3`',
  })
  @IsOptional()
  @IsText('release', 1, LONGEST_VALUE)
  release?: string;

  @ApiPropertyOptional({
    enum: LEVELS,
    description:
      'only errors that had a report of this level; those of the native API are of the level `error`',
  })
  @IsOptional()
  @IsIn(LEVELS, { message: `level must be one of ${LEVELS.join(', ')}` })
  level?: Level;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: LONGEST_VALUE,
    description:
      'only errors that this user met, by what clients send of users: an id, else a name or an address',
  })
  @IsOptional()
  @IsText('user', 1, LONGEST_VALUE)
  user?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MOST_TAGS,
    example: ['region:eu'],
    description:
      'only errors that had this tag, `name:value`; may be given up to five times, and all must hold. The first colon ends the ' +
      'name, in which `\\:` is a colon and `\\\\` a backslash: `a\\:b:c` is the tag `a:b` with the value `c`',
  })
  @IsOptional()
  @ValidateBy({
    name: 'areTags',
    validator: {
      validate: (tags: (Tag | null)[]) => tags.every((tag) => tag !== null),
      defaultMessage: () => tagForm,
    },
  })
  @ValidateBy({
    name: 'fewTags',
    validator: {
      validate: (tags: unknown[]) => tags.length <= MOST_TAGS,
      defaultMessage: () => `tag may be given at most ${MOST_TAGS} times`,
    },
  })
  @Transform(({ value }: TransformFnParams) => [value].flat().map((text) => parseTag(String(text))))
  tag?: Tag[];
}
