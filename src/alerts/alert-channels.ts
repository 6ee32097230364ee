import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { type Channel, DeliveryError, type OutgoingDelivery, type Receipt } from './channel';
import type { ChannelName, Recipient } from './delivery';
import { maskWebhookUrl } from './webhook/webhook-url';

/** Who is told, by which channel, as the settings say. A channel's code is loaded only when there is somebody to tell by it. */
@Injectable()
export class AlertChannels {
  /** each once */
  readonly recipients: readonly Recipient[];
  private readonly webhookUrls: ReadonlyMap<string, string>;
  private readonly channels: Partial<Record<ChannelName, Promise<Channel>>> = {};

  constructor(private readonly config: AppConfig) {
    this.webhookUrls = new Map(config.alertWebhookUrls.map((url) => [maskWebhookUrl(url), url]));
    const addresses = this.missingSetting('mail') ? [] : eachOnce(config.alertEmails);
    this.recipients = [
      ...addresses.map((recipient) => ({ channel: 'mail' as const, recipient })),
      ...[...this.webhookUrls.keys()].map((recipient) => ({ channel: 'webhook' as const, recipient })),
    ];
  }

  get areConfigured(): boolean {
    return this.recipients.length > 0;
  }

  recipientsOf(channel: ChannelName): string[] {
    return this.recipients.filter((one) => one.channel === channel).map(({ recipient }) => recipient);
  }

  /** `host:port` */
  get smtpServer(): string {
    return `${this.config.smtpHost}:${this.config.smtpPort}`;
  }

  /** The setting that a channel lacks, or null when it has all. */
  missingSetting(channel: ChannelName): string | null {
    if (channel === 'webhook') return this.config.alertWebhookUrls.length === 0 ? 'ALERT_WEBHOOK_URLS' : null;
    if (!this.config.smtpHost) return 'SMTP_HOST';
    return this.config.alertEmails.length === 0 ? 'ALERT_EMAILS' : null;
  }

  /** @throws DeliveryError */
  async deliver(
    { channel, recipient }: Recipient,
    delivery: Omit<OutgoingDelivery, 'recipient'>,
  ): Promise<Receipt> {
    const isKnown = this.recipients.some((one) => one.channel === channel && one.recipient === recipient);
    if (!isKnown) {
      const setting = channel === 'mail' ? 'ALERT_EMAILS' : 'ALERT_WEBHOOK_URLS';
      throw new DeliveryError(`not sent: ${recipient} is no longer in ${setting}`, true, 0);
    }
    return (await this.load(channel)).deliver({
      ...delivery,
      recipient: this.webhookUrls.get(recipient) ?? recipient,
    });
  }

  /** Loads what the settings need, so that the first alert holds up no report. */
  async loadConfigured(): Promise<void> {
    for (const { channel } of this.recipients) await this.load(channel);
  }

  private load(channel: ChannelName): Promise<Channel> {
    return (this.channels[channel] ??= channel === 'mail' ? this.loadMail() : this.loadWebhook());
  }

  /** The mail library costs a third of a second and 30 MB, which servers without mail never need. */
  private async loadMail(): Promise<Channel> {
    const { MailChannel } = await import('./mail/mail-channel');
    return new MailChannel(this.config);
  }

  private async loadWebhook(): Promise<Channel> {
    const { WebhookChannel } = await import('./webhook/webhook-channel');
    return new WebhookChannel({
      baseUrl: this.config.baseUrl,
      secret: this.config.alertWebhookSecret,
      allowPrivate: this.config.alertWebhookAllowPrivate,
    });
  }
}

/** Mail servers make no difference between capital and small letters. */
function eachOnce(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}
