import { Injectable } from '@nestjs/common';
import { DatabaseReader } from './database-reader';
import { PreparedDatabase } from './prepared-database';
import { findSqliteBytes } from './sqlite/sqlite-bytes';

/** How much the database takes on the disk. */
@Injectable()
export class DatabaseSize {
  constructor(
    private readonly database: PreparedDatabase,
    private readonly reader: DatabaseReader,
  ) {}

  /** @returns bytes */
  async find(): Promise<number> {
    const { location } = this.database;
    if (location.kind === 'sqlite') return findSqliteBytes(location.path);
    return (await this.reader.ask('database/size-reads', null)) as number;
  }
}
