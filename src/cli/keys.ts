import { DynamicModule, HttpException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { existsSync } from 'node:fs';
import { LineLogger } from '../common/line-logger';
import { AppConfig } from '../config/app-config';
import { ConfigModule } from '../config/config.module';
import { defaultsBeside, loadConfig } from '../config/load-config';
import { sqlTimeToIso } from '../database/sql-time';
import { PreparedDatabase } from '../database/prepared-database';
import { UnusableDatabaseError } from '../database/unusable-database-error';
import { buildDsn } from '../projects/build-dsn';
import type { StoredKey } from '../projects/ingest-key';
import { parseKeyName, parseProjectName, parseRate } from '../projects/parse-project';
import { ProjectsModule } from '../projects/projects.module';
import { ProjectsService } from '../projects/projects.service';
import { withoutApiKey } from './without-api-key';

export const KEY_ACTIONS = ['create', 'list', 'revoke'] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];

/** What is said after `keys`. */
export interface KeysCommand {
  action: KeyAction;
  /** a project, or for `revoke` the key */
  operand: string | undefined;
  name: string | undefined;
  /** requests a minute */
  limit: string | undefined;
}

/** Projects are read so many at once. */
const PAGE = 200;

@Module({})
class KeysModule {
  static of(config: AppConfig): DynamicModule {
    return { module: KeysModule, imports: [ConfigModule.of(config), ProjectsModule] };
  }
}

/**
 * Makes, lists or revokes ingest keys, beside running servers or alone.
 * @returns exit code: 1 when what was named does not exist or is refused
 * @throws UnusableDatabaseError when there is no usable database
 */
export async function keys(env: NodeJS.ProcessEnv, command: KeysCommand): Promise<number> {
  // Whoever reads may go away: `error-tracker keys list | head`.
  process.stdout.on('error', () => undefined);
  const config = loadConfig(withoutApiKey(env));
  const isNew = config.databaseUrl === undefined && !existsSync(config.databasePath);
  if (isNew && command.action !== 'create')
    throw new UnusableDatabaseError(`there is no file ${config.databasePath}`);
  const context = await NestFactory.createApplicationContext(KeysModule.of(config), {
    logger: new LineLogger('warn'),
    abortOnError: false,
  });
  try {
    if (command.action === 'create') noteDatabase(context.get(PreparedDatabase), isNew);
    return await run(context.get(ProjectsService), command, config);
  } catch (error) {
    if (!(error instanceof HttpException)) throw error;
    return fail(error.message);
  } finally {
    await context.close();
  }
}

async function run(projects: ProjectsService, command: KeysCommand, config: AppConfig): Promise<number> {
  const { action, operand } = command;
  if (action === 'list') return list(projects, operand, config);
  return action === 'create'
    ? create(projects, operand ?? '', command, config)
    : revoke(projects, (operand ?? '').trim());
}

async function create(
  projects: ProjectsService,
  project: string,
  { name, limit }: KeysCommand,
  config: AppConfig,
): Promise<number> {
  const settings = {
    name: name === undefined ? 'default' : parseKeyName(name, '--name'),
    ratePerMinute:
      limit === undefined ? 0 : parseRate(/^\d{1,9}$/.test(limit) ? Number(limit) : NaN, '--limit'),
  };
  const { id } = await projects.createOrFind(parseProjectName(project));
  const { key } = await projects.createKey(id, settings);
  // Nothing else, so that a script can take it; people see the rest beside it.
  print(key);
  note(`DSN for Sentry SDKs: ${buildDsn(config.baseUrl, key, id)}`);
  noteDefaultAddress(config);
  return 0;
}

async function list(projects: ProjectsService, name: string | undefined, config: AppConfig): Promise<number> {
  let found = 0;
  let shown = 0;
  for (let offset = 0; ; offset += PAGE) {
    const page = await projects.list({ name, limit: PAGE, offset });
    found += page.projects.length;
    for (const project of page.projects) {
      shown += project.keys.length;
      for (const key of project.keys) print(describe(project.name, key, config));
    }
    if (offset + PAGE >= page.total) break;
  }
  if (shown > 0) noteDefaultAddress(config);
  return name !== undefined && found === 0 ? fail(`There is no project ${JSON.stringify(name)}`) : 0;
}

async function revoke(projects: ProjectsService, key: string): Promise<number> {
  const revoked = await projects.revoke(key);
  if (!revoked) return fail('There is no such ingest key');
  const project = JSON.stringify(revoked.project);
  print(
    revoked.wasInForce
      ? `Revoked a key of the project ${project}`
      : `The key of ${project} was revoked before`,
  );
  return 0;
}

/** One line for each, whatever is in the names; it begins with the key and ends with the DSN. */
function describe(project: string, stored: StoredKey, { baseUrl }: AppConfig): string {
  const { key, project_id: projectId, name, rate_limit_per_minute: limit, last_used_at: lastUsed } = stored;
  const dsn = buildDsn(baseUrl, key, projectId);
  const used = lastUsed === null ? 'never used' : `last used ${sqlTimeToIso(lastUsed)}`;
  const limited = limit === 0 ? '' : `  ${limit} a minute`;
  return `${key}  project ${projectId} ${JSON.stringify(project)}  ${JSON.stringify(name)}${limited}  ${used}  ${dsn}`;
}

function noteDefaultAddress(config: AppConfig): void {
  if (config.baseUrl !== defaultsBeside(config).baseUrl) return;
  note(`DSNs begin with BASE_URL, by default ${config.baseUrl}: set it to where clients reach the server`);
}

function noteDatabase({ shown }: PreparedDatabase, isNew: boolean): void {
  const made = ', which was made just now: a server must have the same DATABASE_PATH to know the key';
  note(`Database: ${shown}${isNew ? made : ''}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(sentence: string): number {
  note(sentence);
  return 1;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
