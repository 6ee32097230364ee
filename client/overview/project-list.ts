import type { Overview } from '../api-answers.js';
import { announce, element, Segments } from '../elements.js';
import { Pager } from '../pager.js';
import { plural } from '../text.js';
import { type OverviewFilters, pageSize } from './overview-filters.js';
import { ProjectRow } from './project-row.js';

interface ProjectListEvents {
  onRange: (range: OverviewFilters['range']) => void;
  onPage: (offset: number) => void;
}

/** One page of projects and the way to the pages beside it. */
export class ProjectList {
  readonly element: HTMLElement;
  private readonly items = element('ul', { class: 'projects' });
  private readonly summary = element('p', { class: 'total' });
  private readonly range: Segments;
  private readonly pager: Pager;
  private rows = new Map<string, ProjectRow>();

  constructor(events: ProjectListEvents) {
    this.range = new Segments('Range', 'range', { '24h': '24 h', '14d': '14 d' }, (range) =>
      events.onRange(range as OverviewFilters['range']),
    );
    this.pager = new Pager(pageSize, events.onPage);
    this.element = element(
      'section',
      { class: 'project-list', 'aria-label': 'Projects', hidden: '' },
      element('div', { class: 'project-list-head' }, this.summary, this.range.element),
      this.items,
      this.pager.element,
    );
  }

  /** While a newer page is on its way the old one stays, marked as busy. */
  setBusy(busy: boolean): void {
    this.element.setAttribute('aria-busy', String(busy));
  }

  /** The projects in the order of the answer: those with most reports first. */
  show(page: Overview, filters: OverviewFilters): void {
    this.setBusy(false);
    this.element.hidden = false;
    this.range.choose(filters.range);
    this.rows = new Map(page.projects.map(({ project }) => [project, new ProjectRow()]));
    this.items.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    const shown = this.showFigures(page, filters);
    announce(`${this.summary.textContent}, ${shown} shown`);
  }

  /** Newer figures of the same page. Projects keep their places; new ones come last, those no longer on it go. */
  update(page: Overview, filters: OverviewFilters): void {
    const listed = new Set(page.projects.map(({ project }) => project));
    for (const [project, row] of this.rows) {
      if (listed.has(project)) continue;
      row.element.remove();
      this.rows.delete(project);
    }
    for (const project of listed) {
      if (this.rows.has(project)) continue;
      const row = new ProjectRow();
      this.rows.set(project, row);
      this.items.append(row.element);
    }
    this.showFigures(page, filters);
  }

  hide(): void {
    this.setBusy(false);
    this.element.hidden = true;
    this.rows.clear();
    this.items.replaceChildren();
  }

  private showFigures({ projects, total }: Overview, { range, offset }: OverviewFilters): string {
    for (const overview of projects) this.rows.get(overview.project)?.show(overview, range);
    this.summary.textContent = plural(total, 'project');
    return this.pager.show({ offset, shown: projects.length, total });
  }
}
