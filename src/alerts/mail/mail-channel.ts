import type { AppConfig } from '../../config/app-config';
import type { Channel, OutgoingDelivery, Receipt } from '../channel';
import { renderMail } from './render-mail';
import { sendMail, type SmtpSettings } from './smtp-client';
import type { SmtpStep } from './smtp-dialogue';

/** Tells people by mail, one mail to each. */
export class MailChannel implements Channel {
  private readonly settings: SmtpSettings;

  constructor(private readonly config: AppConfig) {
    this.settings = toSmtpSettings(config);
  }

  deliver({ id, createdAt, recipient, alert, handOver }: OutgoingDelivery): Promise<Receipt> {
    const { baseUrl } = this.config;
    const mail = renderMail(alert, { deliveryId: id, createdAt, recipient, baseUrl });
    return sendMail(this.settings, recipient, mail, { handOver });
  }
}

/**
 * Sends the test mail and tells every step of the dialogue with the mail server.
 * @throws DeliveryError
 */
export function sendTestMail(
  config: AppConfig,
  recipient: string,
  onStep: (step: SmtpStep) => void,
): Promise<Receipt> {
  // No delivery is written down for it; the time makes its id differ from that of the next test.
  const context = { deliveryId: 0, createdAt: new Date(), recipient, baseUrl: config.baseUrl };
  const mail = renderMail({ kind: 'test' }, context);
  return sendMail(toSmtpSettings(config), recipient, mail, { onStep });
}

function toSmtpSettings(config: AppConfig): SmtpSettings {
  return {
    host: config.smtpHost ?? '',
    port: config.smtpPort,
    username: config.smtpUsername,
    password: config.smtpPassword,
    from: config.smtpFrom,
  };
}
