import { BadRequestException, Injectable, PipeTransform } from '@nestjs/common';
import { toStorable } from '../common/storable-text';
import { LONGEST_NAME } from './tag-filter';

/** The name of a tag in a path. */
@Injectable()
export class TagNamePipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if ([...text].length > LONGEST_NAME) {
      throw new BadRequestException(`name must be at most ${LONGEST_NAME} characters long`);
    }
    return toStorable(text);
  }
}
