const MIB = 1024 * 1024;

/** Of an envelope or of an item, in bytes. */
export const LONGEST_HEADER = 16 * 1024;
/** Of a payload that says how long it is, in bytes. */
export const LONGEST_MEASURED = 100 * MIB;
/** Of a payload that ends with its line, in bytes. */
export const LONGEST_LINE = 4 * MIB;
export const MOST_ITEMS = 100;
/** Of all items that are kept but the event, in bytes. */
export const MOST_BESIDE_EVENT = MIB;
/** Types of items that are told apart when they are counted. */
export const MOST_TYPES = 20;
export const LONGEST_TYPE = 30;

export interface KeptItem {
  mostBytes: number;
  /** whether one that is larger has the envelope refused; else it is left out */
  isRefused: boolean;
}

/** Items that are kept, by their type. */
export const KEPT_ITEMS: Readonly<Record<string, KeptItem>> = {
  event: { mostBytes: MIB, isRefused: true },
  security: { mostBytes: 64 * 1024, isRefused: true },
  raw_security: { mostBytes: 64 * 1024, isRefused: true },
  client_report: { mostBytes: 100 * 1024, isRefused: false },
  feedback: { mostBytes: 100 * 1024, isRefused: false },
  user_report: { mostBytes: 100 * 1024, isRefused: false },
};
