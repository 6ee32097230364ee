import { hash } from 'node:crypto';

/**
 * The fingerprint of an error whose own one is that of an error of another project: names of projects may hold colons,
 * and what stands between colons in the text of a fingerprint can be chosen by clients.
 *
 * Released: never edit this rule. `postgres-record-sql.ts` has it, too.
 * @example fingerprintApart('shop', '0123456789abcdef0123456789abcdef') // MD5 of 'shop\n0123456789abcdef0123456789abcdef'
 */
export function fingerprintApart(project: string, fingerprint: string): string {
  return hash('md5', `${project}\n${fingerprint}`, 'hex');
}
