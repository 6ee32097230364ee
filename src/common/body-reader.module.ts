import { Module } from '@nestjs/common';
import { BodyReader } from './body-reader';

/** One reader for all routes, so that what is arriving is bounded as a whole. */
@Module({ providers: [BodyReader], exports: [BodyReader] })
export class BodyReaderModule {}
