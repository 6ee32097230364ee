import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStackTrace } from '../../src/stack-traces/parse-stack-trace';
import type { Language, StackFrame } from '../../src/stack-traces/stack-trace';

interface Captured {
  id: string;
  traceback: string;
  file: string | null;
  line: string | null;
}

interface Written {
  language: Language | null;
  situation: string;
  traceback: string;
  file: string | null;
  line: number | null;
}

const fixture = (name: string): string => readFileSync(join(__dirname, '../fixtures', name), 'utf8');
const captured = JSON.parse(fixture('stacks.json')) as Captured[];
const written = JSON.parse(fixture('stacks-languages.json')) as Written[];
const lookAlikes = JSON.parse(fixture('stacks-look-alikes.json')) as Written[];
const whole = JSON.parse(fixture('stacks-frames.json')) as {
  language: Language;
  traceback: string;
  frames: [string | null, string | null, number | null, number | null][];
}[];

const placeOf = (traceback: string) => {
  const thrownAt = parseStackTrace(traceback)?.thrownAt;
  return { file: thrownAt?.file ?? null, line: thrownAt?.line ?? null };
};

describe('a captured trace gives the place that groups it', () => {
  it.each(captured)('$id', ({ traceback, file, line }) => {
    expect(placeOf(traceback)).toEqual({ file, line: line === null ? null : Number(line) });
  });
});

describe('a trace in the form its language prints gives the place where it was thrown', () => {
  it.each(written)('$language: $situation', ({ language, traceback, file, line }) => {
    expect(placeOf(traceback)).toEqual({ file, line });
    if (file !== null) expect(parseStackTrace(traceback)?.language).toBe(language);
  });

  it('every language has at least five', () => {
    const counts = new Map<Language | null, number>();
    for (const { language } of written) counts.set(language, (counts.get(language) ?? 0) + 1);
    expect(counts.size).toBe(11);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(5);
  });
});

describe('a text that merely looks like a frame is not one', () => {
  it.each(lookAlikes)('$situation', ({ traceback, file, line }) => {
    expect(placeOf(traceback)).toEqual({ file, line });
  });
});

describe('every frame of a trace is read with function, file, line and column', () => {
  it.each(whole)('$language', ({ language, traceback, frames }) => {
    const toFrame = ([name, file, line, column]: (typeof frames)[number]): StackFrame => ({
      function: name,
      file,
      line,
      column,
    });
    expect(parseStackTrace(traceback)).toMatchObject({ language, frames: frames.map(toFrame) });
  });
});

describe('a trace with more frames than are kept', () => {
  it('is thrown at the last frame of Python all the same', () => {
    const frame = (line: number): string => `  File "a.py", line ${line}, in f\n    f()\n`;
    const frames = Array.from({ length: 5000 }, (_, index) => frame(index + 1)).join('');
    const trace = parseStackTrace(`Traceback (most recent call last):\n${frames}RecursionError: too deep`);
    expect(trace?.frames).toHaveLength(2000);
    expect(trace?.thrownAt?.line).toBe(5000);
  });
});
