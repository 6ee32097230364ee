import type { AlertedError, ErrorAlert, SummaryAlert } from '../../src/alerts/alert';
import { pythonTraceback } from './reports';

/** An alert about a new error; `changes` replace what the error has. */
export function anErrorAlert(
  changes: Partial<AlertedError> = {},
  kind: ErrorAlert['kind'] = 'created',
): ErrorAlert {
  return {
    kind,
    error: {
      id: 17,
      project: 'shop',
      exceptionType: 'ValueError',
      message: 'invalid quantity',
      traceback: pythonTraceback('cart.py', 31),
      count: 3,
      firstSeen: new Date('2026-11-20T08:15:30.123Z'),
      lastSeen: new Date('2026-11-23T17:02:11.480Z'),
      source: 'server',
      requestMethod: 'POST',
      requestUrl: 'https://shop.example.com/cart',
      level: 'error',
      environment: null,
      release: null,
      ...changes,
    },
  };
}

export function aSummaryAlert(changes: Partial<SummaryAlert> = {}): SummaryAlert {
  return {
    kind: 'summary',
    hourlyCap: 20,
    since: new Date('2026-11-23T17:00:00.000Z'),
    projects: [
      {
        project: 'shop',
        created: 12,
        reopened: 1,
        newest: [{ id: 18, exceptionType: 'KeyError', message: "'size'" }],
      },
      { project: 'blog', created: 2, reopened: 0, newest: [] },
    ],
    ...changes,
  };
}
