import { type Budget, createBudget } from './budget';
import type { Scrubber } from '../scrub/scrubber';

/** What the parts of one event are read with. */
export interface Reading {
  scrubber: Scrubber;
  /** gets what was left out, as people read it */
  cut: Set<string>;
  variables: Budget;
  /** of all other data of any shape */
  data: Budget;
}

export function startReading(scrubber: Scrubber): Reading {
  return { scrubber, cut: new Set(), variables: createBudget(), data: createBudget() };
}
