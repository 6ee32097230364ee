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
