import { type ArgumentMetadata, BadRequestException, Injectable, PipeTransform } from '@nestjs/common';

/** An id in a path, as a number; one that is too large for any row becomes 0, which no row has. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(text: string, { data = 'id' }: ArgumentMetadata): number {
    if (!/^\d+$/.test(text)) throw new BadRequestException(`${data} must be a whole number`);
    const id = Number(text);
    return Number.isSafeInteger(id) ? id : 0;
  }
}
