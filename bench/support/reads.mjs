import { URLSearchParams } from 'node:url';
import { SEARCHED, SEED_PROJECTS } from './seed-reports.mjs';

const COLUMNS =
  'id, fingerprint, project, exception_type, message, count, first_seen, last_seen, resolved, source, file, line';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LARGE_PROJECT = SEED_PROJECTS[0];
const SMALL_PROJECT = SEED_PROJECTS.at(-1);

/** What plain SQL resolves, the server is not asked to resolve. */
const FAR = 500_003;

/**
 * The reads that are measured: a path, or a method and how the path comes from a number that grows, and the same as
 * SQL in its simplest form, without an index for search. `plain` gets a connection of `plain-sql.mjs`.
 */
export function listReads(errors) {
  const deep = Math.floor(errors * 0.4);
  return [
    listRead('page 1', {}),
    listRead('page 1, 200 rows', { limit: 200 }),
    listRead('largest project', { project: LARGE_PROJECT }),
    listRead('smallest project', { project: SMALL_PROJECT }),
    listRead('open', { resolved: false }),
    listRead('resolved', { resolved: true }),
    listRead('browser', { source: 'browser' }),
    listRead('project, open', { project: LARGE_PROJECT, resolved: false }),
    listRead('open, server', { resolved: false, source: 'server' }),
    listRead('all filters', { project: LARGE_PROJECT, resolved: true, source: 'browser' }),
    listRead(`offset ${deep}`, { offset: deep }),
    listRead(`project, offset ${Math.floor(deep / 4)}`, {
      project: LARGE_PROJECT,
      offset: Math.floor(deep / 4),
    }),
    listRead('by first_seen', { sort: 'first_seen' }),
    listRead('by first_seen, project, open', { sort: 'first_seen', project: SMALL_PROJECT, resolved: false }),
    listRead('by count', { sort: 'count' }),
    listRead('by count, project, open', { sort: 'count', project: LARGE_PROJECT, resolved: false }),
    listRead(`by count, offset ${deep}`, { sort: 'count', offset: deep }),
    listRead('last day', { since: daysAgo(1) }),
    listRead('last 30 days', { since: daysAgo(30) }),
    listRead('last day, by first_seen', { since: daysAgo(1), sort: 'first_seen' }),
    listRead('last 30 days, by count', { since: daysAgo(30), sort: 'count' }),
    listRead('page 1, counts of 24 h', { counts: '24h' }),
    listRead('search, none', { search: SEARCHED.none }),
    listRead('search, rare', { search: SEARCHED.rare }),
    listRead('search, common', { search: SEARCHED.common }),
    listRead('search, 2 letters', { search: SEARCHED.short }),
    listRead('search, common, all filters', {
      search: SEARCHED.common,
      project: LARGE_PROJECT,
      resolved: false,
      source: 'server',
    }),
    {
      name: 'detail',
      request: (i) => ({ method: 'GET', path: `/api/errors/${pickId(i, errors)}` }),
      plain: (sql) => {
        const error = sql.prepare('SELECT * FROM errors WHERE id = ?');
        const occurrences = sql.prepare(
          'SELECT * FROM error_occurrences WHERE error_id = ? ORDER BY timestamp DESC LIMIT 5',
        );
        return async (i) => {
          await error(pickId(i, errors));
          await occurrences(pickId(i, errors));
        };
      },
    },
    {
      name: 'resolve',
      request: (i) => ({ method: 'POST', path: `/api/errors/${pickId(i, errors)}/resolve` }),
      plain: (sql) => {
        const resolve = sql.prepare(
          'UPDATE errors SET resolved = TRUE, resolved_at = last_seen WHERE id = ?',
        );
        return (i) => resolve(pickId(i + FAR, errors));
      },
    },
    {
      name: 'projects',
      request: () => ({ method: 'GET', path: '/api/projects' }),
      plain: (sql) => {
        const projects = sql.prepare('SELECT DISTINCT project FROM errors ORDER BY project');
        return () => projects();
      },
    },
  ];
}

function listRead(name, query) {
  const { limit = 50, offset = 0, sort = 'last_seen', counts, ...filter } = query;
  const path = `/api/errors?${new URLSearchParams(query)}`;
  return {
    name,
    request: () => ({ method: 'GET', path }),
    plain: (sql) => prepareList(sql, filter, { sort, limit, offset, counts }),
  };
}

function prepareList(sql, filter, { sort, limit, offset, counts }) {
  const conditions = {
    project: 'project = ?',
    resolved: 'resolved = ?',
    source: 'source = ?',
    search: `exception_type || ' ' || message ${sql.like} ?`,
    since: 'last_seen >= ?',
  };
  const used = Object.keys(filter);
  const where = used.length > 0 ? `WHERE ${used.map((key) => conditions[key]).join(' AND ')}` : '';
  const parameters = used.map((key) => toParameter(key, filter[key]));
  const total = sql.prepare(`SELECT count(*) FROM errors ${where}`);
  const rows = sql.prepare(`SELECT ${COLUMNS} FROM errors ${where} ORDER BY ${sort} DESC LIMIT ? OFFSET ?`);
  const hours = sql.prepare('SELECT hour, n FROM error_hours WHERE error_id = ? AND hour >= ?');
  const firstHour = Math.floor(Date.now() / HOUR_MS) - 23;
  return async () => {
    const page = await rows(...parameters, limit, offset);
    if (counts) for (const { id } of page) await hours(id, firstHour);
    await total(...parameters);
  };
}

function toParameter(key, value) {
  if (key === 'search') return `%${value}%`;
  if (key === 'since') return value.replace('T', ' ').replace('Z', '');
  return value;
}

function daysAgo(days) {
  return new Date(Date.now() - days * DAY_MS).toISOString();
}

/** Ids all over the table, each another one. */
function pickId(i, errors) {
  return 1 + ((i * 7_919) % errors);
}
