import { parseArgs } from 'node:util';
import { ConfigError, withoutPassword } from '../config/load-config';
import { UnusableDatabaseError } from '../database/unusable-database-error';
import { version } from '../common/version';
import { backup } from './backup';
import { checkHealth } from './check-health';
import { KEY_ACTIONS, type KeyAction, keys, type KeysCommand } from './keys';
import { migrateTo } from './migrate-to';
import { prune } from './prune';
import { ListenError, serve } from './serve';
import { testAlert } from './test-alert';

const HELP = `error-tracker ${version}: groups, counts and shows the exceptions of your backends and browsers

Usage
  error-tracker                  run the server
  error-tracker prune            delete errors that were resolved more than RETENTION_DAYS days ago
  error-tracker prune --dry-run  only say how many that would be
  error-tracker backup FILE      copy the database to a new file, also while the server runs
  error-tracker migrate-to postgres://USER:PASSWORD@HOST/DATABASE
                                 copy the SQLite database to PostgreSQL while no server runs, and compare the two
  error-tracker keys create PROJECT [--name NAME] [--limit REQUESTS_PER_MINUTE]
                                 make an ingest key, which may only report errors of that project, and print it
                                 and its DSN, which is what Sentry SDKs are given
  error-tracker keys list [PROJECT]
  error-tracker keys revoke KEY
  error-tracker test-alert       send a test alert to everyone now, and show what the mail server said
  error-tracker --healthcheck    ask the local server whether it answers; exit code 0 or 1
  error-tracker --version
  error-tracker --help

Settings come from the environment, or from a file .env in the current folder. The server needs API_KEY; the others
have defaults: PORT, HOST, DATABASE_PATH, DATABASE_URL, LOG_LEVEL, RETENTION_DAYS, SMTP_HOST, SMTP_PORT, SMTP_USERNAME,
SMTP_PASSWORD, SMTP_FROM, ALERT_EMAILS, ALERT_WEBHOOK_URLS, ALERT_WEBHOOK_SECRET, ALERT_WEBHOOK_ALLOW_PRIVATE,
ALERT_COOLDOWN_MINUTES, ALERT_HOURLY_CAP, ALERT_SUMMARY_MINUTES, BASE_URL, RATE_LIMIT_PER_MINUTE, REDIS_URL,
INGEST_KEYS, SCRUB_KEYS, TRUST_PROXY, METRICS.
docs/operations.md says what each does.
`;

const COMMANDS = ['prune', 'backup', 'migrate-to', 'keys', 'test-alert'];
/** What is said after these is no argument too many. */
const WITH_OPERAND = ['backup', 'migrate-to'];

/** Exit codes: 1 when the work failed, 2 when the command itself was wrong. */
const FAILED = 1;
const WRONG_USAGE = 2;

/**
 * Runs what the command line says.
 * @param args arguments after the program's name
 * @returns the exit code, or null while the server goes on running
 */
export async function runCommandLine(args: string[]): Promise<number | null> {
  try {
    const { values, positionals } = parseArguments(args);
    const [command, ...surplus] = positionals;
    if (values.help) return print(HELP);
    if (values.version) return print(`${version}\n`);
    const keysCommand = command === 'keys' ? parseKeysCommand(surplus.splice(0, 2), values) : null;
    const [operand] = WITH_OPERAND.includes(command ?? '') ? surplus.splice(0, 1) : [];
    if (surplus.length > 0) throw new UsageError(`Unknown argument ${withoutPassword(surplus.join(' '))}`);
    if (command !== undefined && !COMMANDS.includes(command))
      throw new UsageError(`Unknown command ${withoutPassword(command)}`);
    if (values.healthcheck && command !== undefined) throw new UsageError('--healthcheck stands alone');
    if (values['dry-run'] && command !== 'prune') throw new UsageError('--dry-run belongs to prune');
    if ((values.name !== undefined || values.limit !== undefined) && keysCommand?.action !== 'create')
      throw new UsageError('--name and --limit belong to keys create');
    loadEnvFile();
    if (keysCommand) return await keys(process.env, keysCommand);
    if (values.healthcheck) return await checkHealth(process.env);
    if (command === 'prune') return await prune(process.env, values['dry-run'] ?? false);
    if (command === 'test-alert') return await testAlert(process.env);
    if (command === 'backup') {
      if (!operand) throw new UsageError('backup needs the name of the file to write');
      return await backup(process.env, operand);
    }
    if (command === 'migrate-to') {
      if (!operand) throw new UsageError('migrate-to needs the address of the database to copy to');
      return await migrateTo(process.env, operand);
    }
    return await serve(process.env);
  } catch (error) {
    return explain(error);
  }
}

class UsageError extends Error {}

function parseArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        healthcheck: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        name: { type: 'string' },
        limit: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @param words after `keys` */
function parseKeysCommand(
  [action, operand]: string[],
  { name, limit }: { name?: string; limit?: string },
): KeysCommand {
  if (!isKeyAction(action)) throw new UsageError('keys needs one of create, list and revoke after it');
  if (action === 'create' && !operand) throw new UsageError('keys create needs the name of a project');
  if (action === 'revoke' && !operand) throw new UsageError('keys revoke needs the key');
  return { action, operand, name, limit };
}

function isKeyAction(word: string | undefined): word is KeyAction {
  return KEY_ACTIONS.includes(word as KeyAction);
}

/** Variables that are set already win over those of the file. */
function loadEnvFile(): void {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new ConfigError(`.env cannot be read: ${message}`);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nerror-tracker --help lists what there is.\n`);
    return WRONG_USAGE;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`The settings are not usable:\n${error.message.replace(/^/gm, '  ')}\n`);
    return FAILED;
  }
  if (error instanceof UnusableDatabaseError) {
    process.stderr.write(`The database is not usable: ${error.message}\n`);
    return FAILED;
  }
  if (error instanceof ListenError) {
    process.stderr.write(`${error.message}\n`);
    return FAILED;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return FAILED;
}
