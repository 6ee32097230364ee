import { Module } from '@nestjs/common';
import { AlertsController } from './alerts.controller';
import { MailSender } from './mail-sender';
import { TestAlert } from './test-alert';

@Module({ controllers: [AlertsController], providers: [MailSender, TestAlert] })
export class AlertsModule {}
