import type { Level } from '../../../errors/report';

const LEVELS = new Map<string, Level>([
  ['debug', 'debug'],
  ['info', 'info'],
  ['log', 'info'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['fatal', 'fatal'],
  ['critical', 'fatal'],
  ['10', 'debug'],
  ['20', 'info'],
  ['30', 'warning'],
  ['40', 'error'],
  ['50', 'fatal'],
]);

/** A level by any of its names or by its number in Python; null for anything else. */
export function readLevel(value: unknown): Level | null {
  if (typeof value === 'number') return LEVELS.get(String(value)) ?? null;
  if (typeof value !== 'string') return null;
  return LEVELS.get(value) ?? (value.length < 20 ? LEVELS.get(value.trim().toLowerCase()) : null) ?? null;
}
