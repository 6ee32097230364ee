/** What a user of a program said, about an error that they saw or just so. Texts are as both databases take them. */
export interface Feedback {
  /** name */
  project: string;
  /** the same when it is sent again; 32 lower-case hex digits */
  ownId: string;
  /** of the event that it is about, known here or not; 32 lower-case hex digits */
  eventId: string | null;
  /** at most 200 characters, as the address */
  name: string | null;
  email: string | null;
  message: string;
  /** the page on which it was said */
  url: string | null;
  receivedAt: Date;
}

/** Where feedback stands by the time it came. */
export interface FeedbackPlace {
  /** as in the database */
  receivedAt: string;
  id: number;
}

/** So much feedback is kept of each error, and as much of each project that belongs to none: the newest. */
export const KEPT_FEEDBACK = 1_000;
