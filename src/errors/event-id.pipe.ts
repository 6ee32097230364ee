import { BadRequestException, Injectable, PipeTransform } from '@nestjs/common';

const FORM = /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The id of an event in a path, also as a UUID with dashes, as 32 lower-case hex digits. */
@Injectable()
export class EventIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (!FORM.test(text)) throw new BadRequestException('event_id must be 32 hex digits or a UUID');
    return text.replaceAll('-', '').toLowerCase();
  }
}
