import { AlertChannels } from '../alerts/alert-channels';
import { DeliveryError } from '../alerts/channel';
import type { Recipient } from '../alerts/delivery';
import { AppConfig } from '../config/app-config';
import { ConfigError, loadConfig } from '../config/load-config';
import { withoutApiKey } from './without-api-key';

/**
 * Sends a test alert to every recipient, one after the other, and prints how far each came.
 * @returns exit code: 0 when all were taken, else 1
 * @throws ConfigError when nobody is to be told
 */
export async function testAlert(env: NodeJS.ProcessEnv): Promise<number> {
  const config = loadConfig(withoutApiKey(env));
  const channels = new AlertChannels(config);
  if (!channels.areConfigured) {
    const missing = channels.missingSetting('mail');
    throw new ConfigError(
      `${missing} is not set, and neither is ALERT_WEBHOOK_URLS: there is nobody to tell`,
    );
  }
  let failed = 0;
  for (const recipient of channels.recipients) {
    print(`Test alert to ${recipient.recipient}`);
    try {
      print(`  arrived: ${await send(config, channels, recipient)}`);
    } catch (error) {
      failed += 1;
      explain(error);
    }
  }
  return failed === 0 ? 0 : 1;
}

async function send(config: AppConfig, channels: AlertChannels, { channel, recipient }: Recipient) {
  const delivery = {
    id: 0,
    createdAt: new Date(),
    alert: { kind: 'test' as const },
    handOver: () => Promise.resolve(),
  };
  if (channel === 'webhook') return (await channels.deliver({ channel, recipient }, delivery)).response;
  const { sendTestMail } = await import('../alerts/mail/mail-channel');
  const { response } = await sendTestMail(config, recipient, ({ direction, text }) =>
    print(`  ${MARKS[direction]} ${text}`),
  );
  return response;
}

const MARKS = { note: '*', client: '>', server: '<' };

function explain(error: unknown): void {
  const { message, hint } = error instanceof DeliveryError ? error : { message: String(error), hint: null };
  print(`  failed: ${message}`);
  if (hint) print(`  ${hint}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
