import { BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { MailSender } from './mail-sender';

/** How long a stop waits for mails that are on their way. */
const SHUTDOWN_DEADLINE_MS = 3_000;

/** The mail that shows whether the SMTP settings work. */
@Injectable()
export class TestAlert implements BeforeApplicationShutdown {
  private readonly onTheWay = new Set<Promise<unknown>>();

  constructor(
    private readonly config: AppConfig,
    private readonly mailSender: MailSender,
  ) {}

  findMissingSetting(): 'SMTP_HOST' | 'ALERT_EMAILS' | null {
    return this.mailSender.findMissingSetting();
  }

  /** Sends to every address of `ALERT_EMAILS`, one after the other, without waiting; the log has the outcome. */
  dispatch(): void {
    const sending = this.sendToAll().finally(() => this.onTheWay.delete(sending));
    this.onTheWay.add(sending);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const deadline = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_DEADLINE_MS).unref());
    await Promise.race([Promise.all(this.onTheWay), deadline]);
  }

  private async sendToAll(): Promise<void> {
    for (const address of this.config.alertEmails) {
      await this.mailSender.send(address, {
        subject: '[error-tracker] Test alert',
        text:
          `This is a test alert of the error tracker at ${this.config.baseUrl}.\n\n` +
          `You get it because ${address} stands in ALERT_EMAILS. Mails to you arrive: nothing else is to be done.\n`,
      });
    }
  }
}
