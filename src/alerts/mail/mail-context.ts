/** What a mail depends on besides what it tells. */
export interface MailContext {
  /** the same in every attempt */
  deliveryId: number;
  /** when it was decided to send it */
  createdAt: Date;
  /** a mail address */
  recipient: string;
  /** where people reach the dashboard, without a trailing slash */
  baseUrl: string;
}

export function linkToError(id: number, { baseUrl }: MailContext): string {
  return `${baseUrl}/errors/${id}`;
}

const counts = new Intl.NumberFormat('en');

/** `formatCount(1234)` is `1,234`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `formatCountOf(1, 'byte')` is `1 byte`, `formatCountOf(1234, 'byte')` is `1,234 bytes`. */
export function formatCountOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `formatTime(new Date(0))` is `1970-01-01 00:00:00 UTC`. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
