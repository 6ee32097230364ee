import { BadRequestException, Injectable, NotFoundException, PipeTransform } from '@nestjs/common';

/** The id in a path, as a number: 400 for what is no number, 404 for one that no error can have. */
@Injectable()
export class ErrorIdPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    if (!/^\d+$/.test(text)) throw new BadRequestException('id must be a whole number');
    const id = Number(text);
    if (!Number.isSafeInteger(id)) throw unknownError(text.slice(0, 40));
    return id;
  }
}

/** What is answered when no error has an id. */
export function unknownError(id: number | string): NotFoundException {
  return new NotFoundException(`There is no error ${id}`);
}
