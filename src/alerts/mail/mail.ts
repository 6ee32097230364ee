/** A mail as it is rendered; sender and recipient come when it is sent. */
export interface Mail {
  /** one line */
  subject: string;
  text: string;
  html: string;
  /** the mail's own id, `<…@…>`, the same in every attempt */
  messageId: string;
  /** id that all mails about one error refer to, so that they form a thread */
  references: string | null;
}
