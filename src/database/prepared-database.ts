/** Where the data is. */
export type DatabaseLocation = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string };

/** A database with the schema of this version, which the threads may open. */
export class PreparedDatabase {
  constructor(
    readonly location: DatabaseLocation,
    /** for people: the whole path of the file, or hosts and name of the database without user and password */
    readonly shown: string,
    /** of SQLite or of the PostgreSQL server, such as `3.53.2` */
    readonly version: string,
  ) {}
}
