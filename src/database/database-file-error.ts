/** The database file cannot be used; `message` says which file and why. Nothing was written to it. */
export class DatabaseFileError extends Error {}
