import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { AlertChannels } from './alert-channels';
import { AlertContents } from './alert-contents';
import { AlertStatusService } from './alert-status.service';
import { AlertsController } from './alerts.controller';
import { AlertsService } from './alerts.service';
import { DeliveryReader } from './delivery-reader';
import { DeliverySender } from './delivery-sender';
import { DeliveryWriter } from './delivery-writer';
import { ForgetDeliveries } from './forget-deliveries';
import { HeldClaims } from './held-claims';

@Module({
  imports: [DatabaseModule, ErrorsModule],
  controllers: [AlertsController],
  providers: [
    AlertChannels,
    AlertContents,
    AlertStatusService,
    AlertsService,
    DeliveryReader,
    DeliverySender,
    DeliveryWriter,
    ForgetDeliveries,
    HeldClaims,
  ],
})
export class AlertsModule {}
