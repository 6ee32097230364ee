import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { FeedbackAttacher } from './feedback-attacher';
import { FeedbackController } from './feedback.controller';
import { FeedbackService } from './feedback.service';

@Module({
  imports: [DatabaseModule],
  controllers: [FeedbackController],
  providers: [FeedbackService, FeedbackAttacher],
  exports: [FeedbackService],
})
export class FeedbackModule {}
