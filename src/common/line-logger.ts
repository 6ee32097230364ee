import { LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
type Level = (typeof LEVELS)[number];

/** Nest tells every module and route it sets up: of use when debugging, noise otherwise. */
const FRAMEWORK_CONTEXTS = [
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
];

/** Where Nest logs what ended a start before it throws it. */
const START_FAILURE_CONTEXTS = ['ExceptionHandler', 'NestApplication'];

/**
 * Nest's logger, one line an event: `2026-01-31T12:00:00.000Z INFO  [Context] message`.
 * Line breaks and other control characters in a message are written as escapes, so that nothing
 * that came from outside can start a line of its own. Warnings and errors go to stderr.
 */
export class LineLogger implements LoggerService {
  private readonly most: number;

  /** @param level the least important level that is still written */
  constructor(level: Level) {
    this.most = LEVELS.indexOf(level);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // The caller gets it too, and says it in plain words.
    this.write(START_FAILURE_CONTEXTS.includes(String(rest.at(-1))) ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    const fromFramework = FRAMEWORK_CONTEXTS.includes(String(rest.at(-1)));
    this.write(fromFramework ? 'debug' : 'info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (LEVELS.indexOf(level) > this.most) return;
    // Nest passes (message, stack, context) for errors and (message, context) otherwise.
    const context = rest.at(-1);
    const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
    const text = [message, ...details].map(describe).join(' ');
    const line = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} [${describe(context ?? 'App')}] ${text}`;
    const stream = level === 'error' || level === 'warn' ? process.stderr : process.stdout;
    stream.write(`${escapeControls(line)}\n`);
  }
}

function describe(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'string' ? value : inspect(value, { breakLength: Infinity });
}

/** C0 and C1 controls and the Unicode line separators, which some viewers break lines at. */
function escapeControls(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, (character) => {
    if (character === '\n') return '\\n';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
