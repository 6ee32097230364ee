import type { CountsRange } from './api-answers.js';
import { svgElement } from './elements.js';
import { formatCount, plural } from './text.js';

const height = 24;
const step = 4;
const gap = 1;
const leastHeight = 2;

/** How often something was reported, as small bars, oldest first. */
export function sparkline(counts: readonly number[], range: CountsRange): SVGSVGElement {
  const width = counts.length * step - gap;
  const most = Math.max(...counts, 1);
  const bars = counts.map((count, index) => {
    const size = count === 0 ? 1 : Math.max(leastHeight, Math.round((count / most) * height));
    return `M${index * step} ${height - size}h${step - gap}v${size}h-${step - gap}z`;
  });
  const isEmpty = (bar: number) => counts[bar] === 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [span, unit] = range === '24h' ? ['24 hours', 'an hour'] : ['14 days', 'a day'];
  const peak = total > 0 ? `, at most ${formatCount(most)} in ${unit}` : '';
  const label = `${plural(total, 'report')} in the last ${span}${peak}`;
  return svgElement(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': label,
    },
    svgElement('title', {}, label),
    svgElement('path', { class: 'none', d: bars.filter((_, bar) => isEmpty(bar)).join('') }),
    svgElement('path', { d: bars.filter((_, bar) => !isEmpty(bar)).join('') }),
  );
}
