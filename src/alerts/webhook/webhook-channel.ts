import { createHmac } from 'node:crypto';
import { version } from '../../common/version';
import type { Alert } from '../alert';
import { Channel, DeliveryError, OutgoingDelivery, Receipt } from '../channel';
import { ChatService, findChatService, formatForChat } from './chat-formats';
import { toChatMessage } from './chat-message';
import { cutText, toOneLine } from './short-text';
import { toWebhookBody } from './webhook-body';
import { postToWebhook, WebhookAnswer } from './webhook-request';
import { describeWebhookProblem, hideSecrets, hostAndPort } from './webhook-url';

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_SHOWN_ANSWER = 200;

/** Beside 5xx: answers that another attempt may change. */
const PASSING_STATUSES = [408, 425, 429];

const SERVICE_NAMES: Record<ChatService, string> = {
  slack: 'Slack',
  discord: 'Discord',
  mattermost: 'Mattermost',
  teams: 'Teams',
};

export interface WebhookSettings {
  /** of the dashboard, without a trailing slash */
  baseUrl: string;
  /** signs the body (header `X-Signature`) */
  secret?: string;
  /** whether webhooks may be in a private network or on this machine */
  allowPrivate: boolean;
  /** for one attempt as a whole, 10 s by default */
  timeoutMs?: number;
}

/** Posts alerts as JSON: in its own format to a chat service, in ours (`WebhookBody`) to any other receiver. */
export class WebhookChannel implements Channel {
  constructor(private readonly settings: WebhookSettings) {}

  async deliver({ id, recipient, alert, handOver }: OutgoingDelivery): Promise<Receipt> {
    const problem = describeWebhookProblem(recipient);
    if (problem) throw new DeliveryError(`the address of the webhook ${problem}`, true, 0);
    const url = new URL(recipient);
    const body = this.render(id, alert, url);
    const answer = await postToWebhook({
      url,
      headers: this.makeHeaders(id, body),
      body,
      allowPrivate: this.settings.allowPrivate,
      timeoutMs: this.settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      handOver,
    });
    return judge(answer, url);
  }

  private render(id: number, alert: Alert, url: URL): Buffer {
    const { baseUrl } = this.settings;
    const service = findChatService(url);
    const body = service
      ? formatForChat(service, toChatMessage(alert, baseUrl))
      : toWebhookBody(id, alert, baseUrl, new Date());
    return Buffer.from(JSON.stringify(body));
  }

  private makeHeaders(id: number, body: Buffer): Record<string, string | number> {
    const { secret } = this.settings;
    return {
      'Content-Type': 'application/json',
      'User-Agent': `error-tracker/${version}`,
      'X-Delivery-Id': id,
      ...(secret
        ? { 'X-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
        : {}),
    };
  }
}

function judge(answer: WebhookAnswer, url: URL): Receipt {
  const { status, bytesReceived } = answer;
  const said = cutText(toOneLine(hideSecrets(answer.text, url)), MAX_SHOWN_ANSWER);
  const response = said ? `HTTP ${status}: ${said}` : `HTTP ${status}`;
  if (status >= 200 && status < 300) return { response, bytesReceived };

  const isRedirect = status >= 300 && status < 400;
  const cause = isRedirect ? `HTTP ${status}: ${describeRedirect(answer.location, url)}` : response;
  throw new DeliveryError(
    `${hostAndPort(url)}, ${bytesReceived} bytes received: ${cause}${describeWait(answer)}`,
    !PASSING_STATUSES.includes(status) && status < 500,
    bytesReceived,
    findHint(status, isRedirect, url),
    { retryAfter: readSeconds(answer.retryAfter) },
  );
}

function describeRedirect(location: string | null, url: URL): string {
  if (location === null || !URL.canParse(location, url.href)) return 'a redirect to nowhere';
  const host = cutText(new URL(location, url.href).host, MAX_SHOWN_ANSWER);
  return `redirects are not followed, this one leads to ${host || 'no host'}`;
}

function describeWait({ retryAfter }: WebhookAnswer): string {
  const seconds = readSeconds(retryAfter);
  return seconds > 0 ? ` (Retry-After: ${seconds} s)` : '';
}

function readSeconds(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : 0;
}

function findHint(status: number, isRedirect: boolean, url: URL): string | null {
  const service = findChatService(url);
  if (isRedirect) return 'Set the address that the redirect leads to.';
  if (status === 429) return 'The receiver takes fewer alerts: it gets the rest later.';
  if (service && [401, 403, 404, 410].includes(status)) {
    return `The webhook was removed or its channel archived in ${SERVICE_NAMES[service]}: create a new one there.`;
  }
  if (status === 404 || status === 410) return 'Nothing is at the address of the webhook: check its path.';
  if (status === 401 || status === 403)
    return 'The receiver refuses the webhook: check its path and its secret.';
  return null;
}
