/** The database cannot be used; `message` says which one and why. Nothing was written to it. */
export class UnusableDatabaseError extends Error {}
