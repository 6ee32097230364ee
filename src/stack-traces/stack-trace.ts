export const LANGUAGES = [
  'python',
  'javascript',
  'java',
  'dotnet',
  'go',
  'ruby',
  'php',
  'rust',
  'elixir',
  'swift',
  'dart',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** One frame as it was written; null where the text says nothing (or says `native`, `<anonymous>` …). */
export interface StackFrame {
  function: string | null;
  file: string | null;
  line: number | null;
  column: number | null;
}

export interface PlacedFrame extends StackFrame {
  file: string;
  line: number;
}

export interface StackTrace {
  language: Language;
  /** In the order written, at most 2,000. */
  frames: StackFrame[];
  /** Where the error was thrown: the frame that groups, one of `frames` unless it lies beyond those kept. */
  thrownAt: PlacedFrame | null;
}

/** A recursion error of 250 KB has some 5,000 frames: nobody reads them, and they would be stored. */
const maxFramesKept = 2000;

/** Builds a trace, or null when the text had nothing of the language in it. */
export function toStackTrace(
  language: Language,
  frames: readonly StackFrame[],
  thrownAt: PlacedFrame | null,
): StackTrace | null {
  if (frames.length === 0 && thrownAt === null) return null;
  return { language, frames: frames.slice(0, maxFramesKept), thrownAt };
}

export function isPlaced(frame: StackFrame): frame is PlacedFrame {
  return frame.file !== null && frame.line !== null;
}

/** The first frame that has a file and a line. */
export function findFirstPlaced(frames: readonly StackFrame[]): PlacedFrame | null {
  return frames.find(isPlaced) ?? null;
}

export function frameWithoutPlace(name: string | null): StackFrame {
  return { function: name, file: null, line: null, column: null };
}
