import { BadRequestException } from '@nestjs/common';
import { parseJsonObject } from '../common/parse-json';
import { toStorable } from '../common/storable-text';
import { parseAllowedOrigins } from './allowed-origins';
import type { KeySettings } from './projects.service';

const LONGEST_NAME = 100;
const HIGHEST_RATE = 1_000_000;

/**
 * Reads a project that is to be made; unknown keys are ignored.
 * @throws BadRequestException when it is no JSON, or saying what is wrong with which key
 */
export function parseNewProject(text: string): { name: string; allowedOrigins: string[] } {
  const { name, allowed_origins: origins = [] } = parseJsonObject(text);
  return { name: parseProjectName(name), allowedOrigins: parseAllowedOrigins(origins) };
}

/**
 * Reads what is to be changed of a project.
 * @throws BadRequestException like `parseNewProject`
 */
export function parseProjectChanges(text: string): { allowedOrigins: string[] } {
  const { allowed_origins: origins } = parseJsonObject(text);
  return { allowedOrigins: parseAllowedOrigins(origins) };
}

/**
 * Reads a key that is to be made.
 * @throws BadRequestException like `parseNewProject`
 */
export function parseNewKey(text: string): KeySettings {
  const { name = 'default', ratePerMinute = 0 } = readKeySettings(text);
  return { name, ratePerMinute };
}

/**
 * Reads what is to be changed of a key.
 * @throws BadRequestException like `parseNewProject`
 */
export function parseKeyChanges(text: string): Partial<KeySettings> {
  const changes = readKeySettings(text);
  if (Object.keys(changes).length > 0) return changes;
  throw new BadRequestException('name or rate_limit_per_minute is required');
}

function readKeySettings(text: string): Partial<KeySettings> {
  const { name, rate_limit_per_minute: rate } = parseJsonObject(text);
  return {
    ...(name !== undefined && { name: parseKeyName(name) }),
    ...(rate !== undefined && { ratePerMinute: parseRate(rate) }),
  };
}

/**
 * The name of a project, as reports carry it.
 * @throws BadRequestException when no report could have it
 */
export function parseProjectName(value: unknown): string {
  return parseName('name', value);
}

/**
 * A name for people only, so that blanks around it are dropped.
 * @throws BadRequestException
 */
export function parseKeyName(value: unknown, field = 'name'): string {
  return parseName(field, typeof value === 'string' ? value.trim() : value);
}

/** @throws BadRequestException */
export function parseRate(value: unknown, field = 'rate_limit_per_minute'): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= HIGHEST_RATE)
    return value as number;
  throw new BadRequestException(`${field} must be a whole number from 0 to ${HIGHEST_RATE}`);
}

/** Characters are code points, so that an emoji counts once. */
function parseName(field: string, value: unknown): string {
  const isName =
    typeof value === 'string' &&
    value !== '' &&
    (value.length <= LONGEST_NAME || [...value].length <= LONGEST_NAME);
  if (isName) return toStorable(value);
  throw new BadRequestException(`${field} must be a string of 1 to ${LONGEST_NAME} characters`);
}
