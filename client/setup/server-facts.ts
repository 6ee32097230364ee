import type { ServerStatus, Setting } from '../api-answers.js';
import { element } from '../elements.js';
import { formatCount, plural } from '../text.js';
import { exactTimeElement } from '../time.js';
import { facts } from './facts.js';

/** @param health what the server said when it was asked just now */
export function serverFacts(status: ServerStatus, health: string): HTMLElement[] {
  const { version, node, started_at: startedAt, uptime_seconds: uptime } = status;
  const { database, errors, waiting_reports: waiting, base_url: baseUrl } = status;
  return [
    facts([
      ['Health', health],
      ['Version', version],
      ['Node', node],
      [database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL', database.version],
      ['Started', exactTimeElement(startedAt), `, ${formatDuration(uptime)} ago`],
      ['Links in alerts', `lead to ${baseUrl}`],
      [
        'Database',
        `${formatBytes(database.bytes)} in `,
        element('code', {}, database.path ?? database.address ?? ''),
      ],
      ['Errors', `${formatCount(errors.open)} open, ${formatCount(errors.resolved)} resolved`],
      ['Waiting', waiting === 0 ? 'No report waits.' : `${plural(waiting, 'report')} to be written`],
    ]),
  ];
}

export function settingsTable({ settings }: ServerStatus): HTMLElement[] {
  const head = ['Setting', 'Value', 'From'].map((name) => element('th', { scope: 'col' }, name));
  const rows = settings.map((setting) =>
    element(
      'tr',
      { class: setting.is_default ? 'default' : '' },
      element('th', { scope: 'row' }, element('code', {}, setting.name)),
      element('td', {}, valueOf(setting)),
      element('td', {}, setting.is_default ? 'default' : 'environment'),
    ),
  );
  return [
    element(
      'p',
      { class: 'hint' },
      'They are read when the server starts. Of secrets only whether they are set is shown.',
    ),
    element(
      'table',
      { class: 'settings' },
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...rows),
    ),
  ];
}

function valueOf({ value, is_secret: isSecret, is_set: isSet }: Setting): HTMLElement {
  if (isSecret) return element('em', {}, isSet ? 'set (secret)' : 'not set');
  return value === null ? element('em', {}, 'not set') : element('code', { class: 'outside' }, value);
}

/** `formatBytes(1_245_184)` is `1.2 MB`. */
function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: units[step] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(bytes / 1_000 ** step);
}

/** In the largest whole unit: `formatDuration(7_300)` is `2 hours`. */
function formatDuration(seconds: number): string {
  if (seconds >= 86_400) return plural(Math.floor(seconds / 86_400), 'day');
  if (seconds >= 3_600) return plural(Math.floor(seconds / 3_600), 'hour');
  return seconds >= 60 ? plural(Math.floor(seconds / 60), 'minute') : plural(Math.floor(seconds), 'second');
}
