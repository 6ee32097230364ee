import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { AlertChannels } from './alert-channels';
import type { AlertStatus, ChannelStatus } from './deliveries.answers';
import type { ChannelName } from './delivery';
import { DeliveryReader } from './delivery-reader';

/** Answers "why did no mail arrive?". */
@Injectable()
export class AlertStatusService {
  constructor(
    private readonly config: AppConfig,
    private readonly channels: AlertChannels,
    private readonly reader: DeliveryReader,
  ) {}

  async get(): Promise<AlertStatus> {
    const { pending, held, lastSuccess, lastFailure } = await this.reader.ask({ kind: 'standing' });
    return {
      enabled: this.channels.areConfigured,
      mail: this.channelStatus('mail'),
      webhook: this.channelStatus('webhook'),
      queue_length: pending,
      held,
      last_success: lastSuccess,
      last_failure: lastFailure,
      cooldown_minutes: this.config.alertCooldownMinutes,
      hourly_cap: this.config.alertHourlyCap,
    };
  }

  private channelStatus(channel: ChannelName): ChannelStatus {
    const recipients = this.channels.recipientsOf(channel);
    return {
      configured: recipients.length > 0,
      missing_setting: this.channels.missingSetting(channel),
      recipients,
    };
  }
}
