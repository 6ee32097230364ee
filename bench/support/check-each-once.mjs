import { askPostgres } from './ask-postgres.mjs';
import { LostReportsError } from './ledger.mjs';

/**
 * Checks reports that are an error each.
 * @param fingerprints those that were acknowledged
 * @param since when the first of them was sent
 * @throws LostReportsError when one of them is not stored, or one of all that were sent was counted more than once
 */
export async function checkEachOnce({ databaseUrl }, fingerprints, since) {
  if (new Set(fingerprints).size !== fingerprints.length)
    throw new LostReportsError('Reports of different errors got the same fingerprint');
  const [{ lost, twice }] = await askPostgres(
    databaseUrl,
    `SELECT (SELECT count(*) FROM unnest($1::text[]) AS acknowledged (fingerprint)
             WHERE NOT EXISTS (SELECT 1 FROM errors WHERE errors.fingerprint = acknowledged.fingerprint)) AS lost,
       (SELECT count(*) FROM errors WHERE first_seen >= $2::timestamp AND count > 1) AS twice`,
    [fingerprints, since.toISOString()],
  );
  if (lost > 0 || twice > 0) {
    throw new LostReportsError(
      `Of ${fingerprints.length} acknowledged reports ${lost} are not stored; ${twice} were counted twice`,
    );
  }
}
