import type { CountsRange, ErrorSummary, ProjectOverview } from '../api-answers.js';
import { element } from '../elements.js';
import { noFilters, toErrorAddress, toPageAddress } from '../list/filters.js';
import { readable } from '../readable-text.js';
import { sparkline } from '../sparkline.js';
import { formatCompactCount, formatCount, oneLine, plural } from '../text.js';
import { timeElement } from '../time.js';

// What fits on the widest line.
const longestMessageShown = 160;

/** One project of the overview: how much it reports, and which of its errors to look at first. */
export class ProjectRow {
  readonly element = element('li', { class: 'project-row' });
  private readonly link = element('a', { class: 'project-name outside' });
  private readonly open = element('a', { class: 'state open' });
  private readonly resolved = element('a', { class: 'state resolved' });
  private readonly reports = element('p', { class: 'reports' });
  private readonly chart = element('div', { class: 'project-chart' });
  private readonly errors = element('div', { class: 'project-errors' });

  constructor() {
    this.element.append(
      element(
        'div',
        { class: 'project-head' },
        element('h2', {}, this.link),
        element('p', { class: 'project-states' }, this.open, this.resolved),
      ),
      element('div', { class: 'project-reports' }, this.chart, this.reports),
      this.errors,
    );
  }

  show(overview: ProjectOverview, range: CountsRange): void {
    const { project, open, resolved, reports, counts, newest, most_frequent: mostFrequent } = overview;
    const filters = { ...noFilters, project, chart: range };
    this.link.textContent = project;
    this.link.title = project;
    this.link.href = toPageAddress(filters);
    this.open.textContent = `${formatCount(open)} open`;
    this.open.href = this.link.href;
    this.resolved.textContent = `${formatCount(resolved)} resolved`;
    this.resolved.href = toPageAddress({ ...filters, state: 'resolved' });
    this.reports.textContent = `${formatCompactCount(reports)} ${reports === 1 ? 'report' : 'reports'}`;
    this.chart.replaceChildren(sparkline(counts, range));
    this.showErrors(
      [
        newest && errorLine('Newest', newest, range, timeElement(newest.first_seen)),
        mostFrequent &&
          errorLine(
            'Most frequent',
            mostFrequent,
            range,
            element(
              'span',
              { title: plural(mostFrequent.count, 'report') },
              `${formatCompactCount(mostFrequent.count)}×`,
            ),
          ),
      ].filter((line) => line !== null),
    );
  }

  private showErrors(lines: readonly HTMLElement[]): void {
    const at = [...this.errors.querySelectorAll('a')].findIndex((link) => link === document.activeElement);
    if (lines.length === 0) this.errors.replaceChildren(element('p', { class: 'hint' }, 'No open errors'));
    else this.errors.replaceChildren(...lines);
    // Fresh figures must not take the focus away from whoever is just here.
    if (at >= 0) this.errors.querySelectorAll('a')[at]?.focus({ preventScroll: true });
  }
}

function errorLine(label: string, error: ErrorSummary, range: CountsRange, figure: HTMLElement): HTMLElement {
  const { id, project, exception_type: type } = error;
  const message = readable(oneLine(error.message, longestMessageShown));
  return element(
    'p',
    { class: 'project-error' },
    element('span', { class: 'label' }, label),
    element(
      'a',
      { href: toErrorAddress(id, { ...noFilters, project, chart: range }), class: 'outside' },
      element('span', { class: 'type outside' }, readable(type)),
      message ? ' ' : null,
      message ? element('span', { class: 'message outside' }, message) : null,
    ),
    figure,
  );
}
