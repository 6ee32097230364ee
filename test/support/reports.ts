import type { Report } from '../../src/errors/report';

/** A report that is accepted; `changes` replace or add keys. */
export function aReport(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    project: 'shop',
    exception_type: 'ValueError',
    message: 'invalid quantity',
    traceback: pythonTraceback('cart.py', 31),
    ...changes,
  };
}

export function pythonTraceback(file: string, line: number): string {
  return `Traceback (most recent call last):\n  File "${file}", line ${line}, in add\n    raise ValueError()\nValueError`;
}

/** A report as `WriteQueue.record` takes it, for those that came at another time than now. */
export function aParsedReport(changes: Partial<Report> = {}): Report {
  return {
    fingerprint: 'f'.repeat(32),
    project: 'shop',
    exceptionType: 'ValueError',
    message: 'invalid quantity',
    traceback: '',
    file: null,
    line: null,
    source: 'server',
    requestUrl: null,
    requestMethod: null,
    requestHeaders: null,
    userId: null,
    extra: null,
    receivedAt: new Date(),
    details: null,
    ...changes,
  };
}
