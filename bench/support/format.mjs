const nothing = '–';

export function formatRatio(value) {
  return isNumber(value) ? value.toFixed(2) : nothing;
}

/** `0.81–0.95` */
export function formatSpread({ least, most }) {
  return `${formatRatio(least)}–${formatRatio(most)}`;
}

export function formatCount(value) {
  return isNumber(value) ? Math.round(value).toLocaleString('en-US') : nothing;
}

export function formatMs(value) {
  if (!isNumber(value)) return nothing;
  return `${value >= 100 ? formatCount(value) : value.toFixed(value >= 10 ? 1 : 2)} ms`;
}

export function formatMb(bytes) {
  return isNumber(bytes) ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : nothing;
}

/** `≤ 150 ms: yes`; empty where nothing is asked for */
export function formatTarget(text, isReached) {
  return `${text}: ${isReached ? 'yes' : 'NO'}`;
}

/** Markdown, with columns that line up on a terminal too; numbers are to the right. */
export function formatTable({ columns, rows }) {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
  const widths = columns.map((_, i) => Math.max(3, ...cells.map((row) => row[i].length)));
  const isRight = columns.map((_, i) => i > 0 && rows.some((row) => /^[\d.,]+( |$)/.test(row[i] ?? '')));
  const line = (row) =>
    `| ${row.map((cell, i) => (isRight[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (isRight[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
}

function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}
