import { Module } from '@nestjs/common';
import { ArrivingBytes } from './arriving-bytes';
import { BodyReader } from './body-reader';

/** One reader for all routes, so that what is arriving is bounded as a whole. */
@Module({
  providers: [{ provide: ArrivingBytes, useFactory: () => new ArrivingBytes() }, BodyReader],
  exports: [ArrivingBytes, BodyReader],
})
export class BodyReaderModule {}
