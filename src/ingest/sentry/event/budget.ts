/**
 * How much is copied of what clients put into an event, whatever bounds its parts have: reading it holds up everything
 * else, and nearly all of a very large one is cut afterwards.
 */
export interface Budget {
  /** of names, and of texts as much as their own bound keeps; what is left */
  characters: number;
  /** also objects and lists; what is left */
  values: number;
  /** whether something was left out or cut since this was last asked */
  isExceeded: boolean;
}

const MOST_CHARACTERS = 300_000;
const MOST_VALUES = 20_000;

export function createBudget(): Budget {
  return { characters: MOST_CHARACTERS, values: MOST_VALUES, isExceeded: false };
}

/** Takes a value with so many characters; false when there is no room any more. */
export function spend(budget: Budget, characters: number): boolean {
  if (!hasRoom(budget)) return false;
  budget.values -= 1;
  budget.characters -= characters;
  return true;
}

/** The same for the name of a value. */
export function spendName(budget: Budget, name: string): boolean {
  if (!hasRoom(budget)) return false;
  budget.characters -= name.length;
  return true;
}

/** Whether there is room for any member of an object. */
export function mayCopy(budget: Budget, object: object): boolean {
  return (budget.values > 0 && budget.characters > 0) || Object.keys(object).length === 0 || hasRoom(budget);
}

function hasRoom(budget: Budget): boolean {
  const hasSome = budget.values > 0 && budget.characters > 0;
  if (!hasSome) budget.isExceeded = true;
  return hasSome;
}

/** To be called when a bound has cut a value. */
export function exceed(budget: Budget | undefined): void {
  if (budget !== undefined) budget.isExceeded = true;
}

/** Says in `cut` when something of a part was left out or cut. */
export function noteExceeded(budget: Budget, part: string, cut: Set<string>): void {
  if (!budget.isExceeded) return;
  cut.add(part);
  budget.isExceeded = false;
}
