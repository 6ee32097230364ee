import { MOST_TAGS_OF_AN_ERROR, MOST_VALUES_OF_A_TAG } from './error-tags';

/**
 * Parts of the statement that stores a batch: `offered`, the values that are not stored yet; `of_names` and `of_errors`,
 * those and how many others are stored of their names and errors; `tagged` stores as many of them as there is room for.
 * What is known, and what is known to be full, costs no count, and neither does what a new error brings.
 *
 * Numbers are exact, but for replicas that store values of one error at the same moment: each counts what was there
 * before, and may add those of a batch. With window functions, since joins are planned for few rows: with 3,000 new
 * values in a batch they took ten times as long.
 * @param tags rows of `TAG_COLUMNS`; `recorded` has the errors
 */
export const tagsSql = (tags: string) => `offered AS MATERIALIZED (
  SELECT recorded.place, recorded.id, recorded.created, tag.name, tag.value,
    row_number() OVER (PARTITION BY recorded.id, tag.name ORDER BY tag.value) AS nth
  FROM ${tags} JOIN recorded ON recorded.place = tag.place
  WHERE tag.full_id IS DISTINCT FROM recorded.id AND (recorded.created OR (SELECT 1 FROM error_tags AS known
    WHERE known.error_id = recorded.id AND known.name = tag.name AND known.value = tag.value) IS NULL)
), of_names AS MATERIALIZED (
  SELECT offered.*, max(CASE WHEN created THEN 0 WHEN nth = 1 THEN (
    SELECT count(*) FROM (SELECT FROM error_tags AS known
      WHERE known.error_id = offered.id AND known.name = offered.name LIMIT ${MOST_VALUES_OF_A_TAG}) AS few
  ) END) OVER (PARTITION BY id, name) AS stored FROM offered
), of_errors AS MATERIALIZED (
  SELECT few_of_names.*, max(CASE WHEN created THEN 0 WHEN nth = 1 THEN (
    SELECT count(*) FROM (SELECT FROM error_tags AS known
      WHERE known.error_id = few_of_names.id LIMIT ${MOST_TAGS_OF_AN_ERROR}) AS few
  ) END) OVER (PARTITION BY id) AS stored
  FROM (
    SELECT place, id, created, name, value, row_number() OVER (PARTITION BY id ORDER BY name, value) AS nth
    FROM of_names WHERE stored + nth <= ${MOST_VALUES_OF_A_TAG}
  ) AS few_of_names
), tagged AS (
  INSERT INTO error_tags (error_id, name, value)
  SELECT id, name, value FROM of_errors WHERE stored + nth <= ${MOST_TAGS_OF_AN_ERROR}
  ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
), `;

/** JSON of the groups whose errors have all values of a name, or (where that is NULL) of all names. */
export const FULL_TAGS = `(SELECT json_agg(json_build_array(place, name)) FROM (
    SELECT place, name FROM of_names WHERE nth = 1 AND stored >= ${MOST_VALUES_OF_A_TAG}
    UNION ALL SELECT place, NULL FROM of_errors WHERE nth = 1 AND stored >= ${MOST_TAGS_OF_AN_ERROR}
  ) AS full_ones)`;
