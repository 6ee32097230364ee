import type { Alert } from '../alert';
import { describeError } from './describe-error';
import { describeSummary } from './describe-summary';
import type { Mail } from './mail';
import type { MailContext } from './mail-context';
import { deliveryMessageId, errorMessageId } from './mail-ids';
import { fillTemplates } from './mail-templates';
import { subjectOfError, subjectOfSummary } from './subject';

/**
 * Writes the mail that tells one recipient of an alert, as text and as HTML. The same alert in the same context gives
 * the same mail. Texts of reports may hold anything; see `outside-text.ts` for what becomes of them.
 *
 * The first import of this module loads Handlebars: import it where mail is configured.
 */
export function renderMail(alert: Alert, context: MailContext): Mail {
  return {
    ...write(alert, context),
    messageId: deliveryMessageId(context.deliveryId, context.createdAt, context.baseUrl),
  };
}

function write(alert: Alert, context: MailContext): Omit<Mail, 'messageId'> {
  const { recipient, baseUrl } = context;
  const values = { recipient, baseUrl };
  switch (alert.kind) {
    case 'created':
    case 'reopened': {
      const subject = subjectOfError(alert);
      const mail = fillTemplates('error', { ...values, subject, ...describeError(alert, context) });
      return { subject, ...mail, references: errorMessageId(alert.error.id, alert.error.firstSeen, baseUrl) };
    }
    case 'summary': {
      const subject = subjectOfSummary(alert);
      const mail = fillTemplates('summary', { ...values, subject, ...describeSummary(alert, context) });
      return { subject, ...mail, references: null };
    }
    case 'test': {
      const subject = '[error-tracker] Test alert';
      const mail = fillTemplates('test', { ...values, subject, preheader: `Mails to ${recipient} arrive` });
      return { subject, ...mail, references: null };
    }
  }
}
