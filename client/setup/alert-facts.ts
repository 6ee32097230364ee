import type { AlertStatus, ChannelStatus, Delivery } from '../api-answers.js';
import { element } from '../elements.js';
import { formatCount, oneLine, plural } from '../text.js';
import { timeElement } from '../time.js';
import { facts } from './facts.js';

const longestResponse = 300;

/** Whether alerts are configured and arrive. */
export function alertFacts(status: AlertStatus): HTMLElement[] {
  const { mail, webhook, enabled, last_success: success, last_failure: failure } = status;
  const table = facts([
    ['Mail', ...channel(mail)],
    ['Webhooks', ...channel(webhook)],
    ['Waiting', waiting(status)],
    ['Last sent', ...(success ? sent(success) : ['Nothing has been sent yet.'])],
    ['Last failure', ...(failure ? failed(failure, failure.failed_at) : ['Nothing has failed.'])],
    ['Limits', limits(status)],
  ]);
  return enabled ? [table] : [nobodyIsTold(), table];
}

function nobodyIsTold(): HTMLElement {
  return element(
    'p',
    { class: 'caution' },
    element('strong', {}, 'Nobody is told of new errors. '),
    'Set ',
    element('code', {}, 'SMTP_HOST'),
    ' and ',
    element('code', {}, 'ALERT_EMAILS'),
    ' for mail, or ',
    element('code', {}, 'ALERT_WEBHOOK_URLS'),
    ' for webhooks, and restart the server.',
  );
}

function channel({ configured, missing_setting: missing, recipients }: ChannelStatus): (Node | string)[] {
  if (!configured) {
    return missing ? ['Not configured: ', element('code', {}, missing), ' is not set.'] : ['Not configured.'];
  }
  return [
    `On, to ${plural(recipients.length, 'recipient')}:`,
    element(
      'ul',
      { class: 'recipients' },
      ...recipients.map((recipient) => element('li', { class: 'outside' }, recipient)),
    ),
  ];
}

function waiting({ queue_length: queued, held }: AlertStatus): string {
  if (queued === 0 && held === 0) return 'Nothing waits.';
  const alerts = `${plural(queued, 'alert')} under way or waiting for another try`;
  return held > 0 ? `${alerts}, ${formatCount(held)} held for a summary.` : `${alerts}.`;
}

function sent({ settled_at: at, recipient, response }: Delivery): (Node | string)[] {
  const answer = response ? `, which answered “${oneLine(response, longestResponse)}”` : '';
  return [at ? timeElement(at) : 'Once', `, to ${recipient}${answer}.`];
}

function failed({ recipient, reason }: Delivery, at: string): (Node | string)[] {
  return [timeElement(at), `, to ${recipient}: ${oneLine(reason ?? 'no reason is known', longestResponse)}`];
}

function limits({ cooldown_minutes: cooldown, hourly_cap: cap }: AlertStatus): string {
  const muted =
    cooldown > 0
      ? `After an alert, further ones about the same error are muted for ${plural(cooldown, 'minute')}.`
      : 'No alert mutes the next one.';
  return cap > 0
    ? `${muted} Each recipient gets at most ${formatCount(cap)} an hour; the rest comes as a summary.`
    : `${muted} There is no limit to how many come in an hour.`;
}
