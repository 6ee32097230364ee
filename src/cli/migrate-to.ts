import { Logger } from '@nestjs/common';
import { LineLogger } from '../common/line-logger';
import { loadConfig } from '../config/load-config';
import type { ComparedTable } from '../database/copy/compare-tables';
import { copyToPostgres, type CopyListener } from '../database/copy/copy-to-postgres';
import { showProgress } from './show-progress';
import { withoutApiKey } from './without-api-key';

/**
 * Copies the SQLite file of `DATABASE_PATH` to PostgreSQL, compares the two, and says what to do next.
 * @param url as in `DATABASE_URL`
 * @returns exit code: 0 when the copy is good, else 1
 * @throws ConfigError or UnusableDatabaseError when one of the two cannot be used
 */
export async function migrateTo(env: NodeJS.ProcessEnv, url: string): Promise<number> {
  // What would not do as the setting is refused now.
  const { databasePath } = loadConfig(withoutApiKey({ ...env, DATABASE_URL: url }));
  Logger.overrideLogger(new LineLogger('warn'));
  const shown = { source: databasePath, target: '' };
  const { tables, isEqual, orphans } = await copyToPostgres(databasePath, url, {
    ...tellProgress(),
    begun: (source, target, copied) => {
      Object.assign(shown, { source, target });
      print(`Copying ${source} to ${target}. Nothing else can open the file until that is done.`);
      print('This may be interrupted at any time; the same command goes on where it stopped.');
      if (copied > 0) print(`Going on after ${count(copied)} rows that were copied before.`);
    },
  });
  for (const table of tables) print(describe(table));
  const changed = tables.reduce((sum, table) => sum + table.changed, 0);
  if (changed > 0) {
    print(
      `In ${count(changed)} rows something was replaced that PostgreSQL does not take (docs/operations.md).`,
    );
  }
  if (orphans > 0) print(`${count(orphans)} rows were left out: they belong to errors that do not exist.`);
  if (!isEqual) return explainDifference(tables, shown);
  print(`Everything has been copied and compared. What to do next:`);
  print(`  1. Set DATABASE_URL to the address that you gave here (${shown.target}).`);
  print('  2. Start the server.');
  print(
    `  3. Keep ${shown.source} as a backup. Start no server with it: it would send waiting alerts again.`,
  );
  return 0;
}

function tellProgress(): Omit<CopyListener, 'begun'> {
  return {
    copied: showProgress('copied'),
    indexing: () => print('Making the search index, then comparing every row of both.'),
    compared: showProgress('compared'),
  };
}

/** @example 'errors              120,000 rows  ok' */
function describe({ name, rows, stored, isEqual }: ComparedTable): string {
  const verdict = isEqual ? 'ok' : `DIFFERENT: ${count(stored)} rows in PostgreSQL`;
  return `${name.padEnd(18)}${count(rows).padStart(12)} rows  ${verdict}`;
}

function explainDifference(
  tables: readonly ComparedTable[],
  { source, target }: { source: string; target: string },
): number {
  const names = tables.filter(({ isEqual }) => !isEqual).map(({ name }) => name);
  process.stderr.write(
    `The copy is not good: ${names.join(', ')} ${names.length === 1 ? 'differs' : 'differ'}. ` +
      'The file was changed between two runs, or somebody else has written to PostgreSQL.\n' +
      `Drop ${target}, create it anew and run this command again; ${source} is as it was.\n`,
  );
  return 1;
}

function count(rows: number): string {
  return rows.toLocaleString('en');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
