import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { AlertChannels } from './alert-channels';
import type { AlertStatus, ChannelStatus } from './deliveries.answers';
import type { ChannelName } from './delivery';
import { DeliveryQueries } from './delivery-queries';

/** Answers "why did no mail arrive?". */
@Injectable()
export class AlertStatusService {
  constructor(
    private readonly config: AppConfig,
    private readonly channels: AlertChannels,
    private readonly queries: DeliveryQueries,
  ) {}

  get(): AlertStatus {
    return {
      enabled: this.channels.areConfigured,
      mail: this.channelStatus('mail'),
      webhook: this.channelStatus('webhook'),
      queue_length: this.queries.countPending(),
      held: this.queries.countAllHeld(),
      last_success: this.queries.findLastSuccess(),
      last_failure: this.queries.findLastFailure(),
      cooldown_minutes: this.config.alertCooldownMinutes,
      hourly_cap: this.config.alertHourlyCap,
    };
  }

  private channelStatus(channel: ChannelName): ChannelStatus {
    const recipients = this.channels.recipients.filter((one) => one.channel === channel);
    return {
      configured: recipients.length > 0,
      missing_setting: this.channels.missingSetting(channel),
      recipients: recipients.map(({ recipient }) => recipient),
    };
  }
}
