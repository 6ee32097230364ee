import { isLibraryFrame } from '../stack-traces/is-library-frame';
import { parseStackTrace } from '../stack-traces/parse-stack-trace';
import type { Language } from '../stack-traces/stack-trace';
import type { FrameAnswer } from './frame.answer';

/** What can be read in a traceback; nothing but nulls when it is no stack trace. */
interface TracebackDescription {
  language: Language | null;
  /** where the error was thrown */
  file: string | null;
  line: number | null;
  /** in the order written, at most 2,000 */
  frames: FrameAnswer[] | null;
}

/** @example describeTraceback('Error: no\n    at f (/app/a.js:1:2)').frames // [{ function: 'f', …, library: false, thrown: true }] */
export function describeTraceback(traceback: string): TracebackDescription {
  const trace = parseStackTrace(traceback);
  if (trace === null) return { language: null, file: null, line: null, frames: null };
  const { language, thrownAt } = trace;
  return {
    language,
    file: thrownAt?.file ?? null,
    line: thrownAt?.line ?? null,
    frames: trace.frames.map((frame) => ({
      function: frame.function,
      file: frame.file,
      line: frame.line,
      column: frame.column,
      library: isLibraryFrame(language, frame),
      thrown: frame === thrownAt,
    })),
  };
}
