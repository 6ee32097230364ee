import type { JsonObject } from '../../../common/parse-json';
import { LONGEST_MESSAGE, readExceptions, type ReadException } from './read-exceptions';
import { type Stack, readStack } from './read-frames';
import { readMessage } from './read-message';
import { firstOf, noteCut, readList, readObject } from './read-values';
import type { Reading } from './reading';

/** What an event tells: an exception with what caused it, or a message. */
export interface Thrown {
  type: string;
  text: string;
  isMessage: boolean;
  /** the message as it was written in the code; null where nothing says so */
  template: string | null;
  /** what was logged with an exception; null when nothing was */
  logged: string | null;
  /** the one that was caught first; for a message one that has its stack, or none */
  exceptions: ReadException[];
}

const MESSAGE = 'Message';
/** Where a synthetic exception is a signal. */
const NATIVE = new Set(['native', 'cocoa', 'c', 'objc', 'swift']);

export function readThrown(event: JsonObject, platform: string, reading: Reading): Thrown {
  const exceptions = readExceptions(event, platform, reading);
  const { text, template } = readMessage(event);
  noteCut(text, LONGEST_MESSAGE, 'message', reading.cut);
  const [main] = exceptions;
  // JavaScript sends a message as an exception that has no type, so that it has a stack.
  if (main && !(main.shown.type === null && main.isSynthetic && exceptions.length === 1)) {
    if (main.frames.length === 0) giveStack(main, readOtherStack(event, reading));
    if (main.isSynthetic && NATIVE.has(platform)) nameFunction(main);
    const logged = text === main.text ? null : text;
    return { type: main.type, text: main.text, isMessage: false, template: null, logged, exceptions };
  }
  const message = text ?? main?.text ?? '';
  const stack = main && main.frames.length > 0 ? main : readOtherStack(event, reading);
  const stacks = stack === null ? [] : [toMessageException(message, stack)];
  return { type: MESSAGE, text: message, isMessage: true, template, logged: null, exceptions: stacks };
}

function giveStack(exception: ReadException, stack: Stack | null): void {
  if (stack === null) return;
  Object.assign(exception, { frames: stack.frames, omitted: stack.omitted });
  exception.shown.frames = stack.frames.map(({ shown }) => shown);
}

/** Of a signal, the function it came in says more than its own text, which is the same everywhere. */
function nameFunction(exception: ReadException): void {
  const { frames, text } = exception;
  const own = frames.find(({ inApp, shown }) => inApp === true && shown.function !== null);
  const name = (own ?? frames.find(({ shown }) => shown.function !== null))?.shown.function;
  if (name) exception.text = text === '' ? name : `${text} (in ${name})`;
}

/** The stack of the thread that crashed, or is named otherwise; else that of the oldest SDKs. */
function readOtherStack(event: JsonObject, reading: Reading): Stack | null {
  const threads = readList(event.threads).map(readObject);
  const thread =
    threads.find((entry) => entry?.crashed === true && entry.stacktrace) ??
    threads.find((entry) => entry?.current === true && entry.stacktrace) ??
    (threads.length === 1 ? threads[0] : null);
  for (const sent of [thread?.stacktrace, firstOf(event, 'stacktrace', 'sentry.interfaces.Stacktrace')]) {
    const stack = readStack(sent, reading);
    if (stack.frames.length > 0) return stack;
  }
  return null;
}

function toMessageException(message: string, { frames, omitted }: Stack): ReadException {
  return {
    frames,
    omitted,
    type: MESSAGE,
    text: message,
    isSynthetic: true,
    isGroup: false,
    link: null,
    shown: {
      type: null,
      value: null,
      module: null,
      mechanism: null,
      handled: null,
      parent: null,
      frames: frames.map(({ shown }) => shown),
    },
  };
}
