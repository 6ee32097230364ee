import { BadRequestException } from '@nestjs/common';
import { parseJsonObject } from '../common/parse-json';
import { ERROR_ACTIONS, type ErrorAction } from './error-action';

export const MOST_BULK_IDS = 500;

/** One action on many errors. */
export interface BulkAction {
  action: ErrorAction;
  /** each once, in the order they were given first */
  ids: number[];
}

/**
 * Reads what is to be done to which errors; unknown keys are ignored.
 * @param text what was sent, of any shape
 * @throws BadRequestException when it is no JSON, or saying what is wrong with which key
 * @example parseBulkAction('{"action":"resolve","ids":[3,1,3]}') // { action: 'resolve', ids: [3, 1] }
 */
export function parseBulkAction(text: string): BulkAction {
  const { action, ids } = parseJsonObject(text);
  if (!isAction(action)) throw new BadRequestException(`action must be one of ${ERROR_ACTIONS.join(', ')}`);
  const distinct = Array.isArray(ids) && ids.every(isId) ? [...new Set<number>(ids)] : [];
  if (distinct.length === 0 || distinct.length > MOST_BULK_IDS)
    throw new BadRequestException(`ids must be a list of 1 to ${MOST_BULK_IDS} whole numbers`);
  return { action, ids: distinct };
}

function isAction(value: unknown): value is ErrorAction {
  return ERROR_ACTIONS.includes(value as ErrorAction);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
