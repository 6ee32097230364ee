import type { Api } from '../api.js';
import { element, Segments, select } from '../elements.js';
import { FilterChips } from './filter-chips.js';
import { type Filters, longestSearch, noFilters, parseFilters } from './filters.js';
import { ReportFilters } from './report-filters.js';

const searchDelayMs = 300;
const ranges = {
  '': 'Any time',
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  custom: 'From … to …',
};
const sorts = {
  last_seen: 'Sort: last seen',
  first_seen: 'Sort: first seen',
  count: 'Sort: most reports',
};

/** The controls above the list. Any change starts again at the first page. */
export class FilterBar {
  readonly element: HTMLFormElement;
  private filters: Filters = noFilters;
  private readonly state = new Segments(
    'State',
    'state',
    { open: 'Open', resolved: 'Resolved', all: 'All' },
    (state) => this.change({ state: state as Filters['state'] }),
  );
  private readonly project = select('Project', { '': 'All projects' }, (project) => this.change({ project }));
  private readonly source = select(
    'Source',
    { '': 'All sources', browser: 'Browser', server: 'Server' },
    (source) => this.change({ source: source as Filters['source'] }),
  );
  private readonly range = select('Last seen within', ranges, (range) => this.changeRange(range));
  private readonly sort = select('Sort by', sorts, (sort) => this.change({ sort: sort as Filters['sort'] }));
  private readonly search = element('input', {
    type: 'search',
    'aria-label': 'Search errors',
    placeholder: 'Search errors',
    maxlength: String(longestSearch),
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
    'aria-keyshortcuts': '/',
  });
  private readonly since = timeField('From');
  private readonly until = timeField('To');
  private readonly span = element('div', { class: 'span' }, ...[this.since, this.until].map(labelled));
  private readonly reportFilters: ReportFilters;
  private readonly chips: FilterChips;
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    api: Api,
    private readonly onChange: (filters: Filters) => void,
    /** Enter in the search field, after what is in it has been searched for */
    onEnter: () => void,
  ) {
    this.reportFilters = new ReportFilters(api, (change) => this.change(change));
    this.chips = new FilterChips(onChange);
    this.element = element(
      'form',
      { class: 'filters', role: 'search', 'aria-label': 'Filter errors' },
      this.state.element,
      element('div', { class: 'field search' }, this.search, element('kbd', { 'aria-hidden': 'true' }, '/')),
      ...[this.project, this.source, this.range, this.sort].map((one) =>
        element('div', { class: 'field' }, one),
      ),
      this.span,
      this.reportFilters.element,
      this.chips.element,
    );
    this.element.addEventListener('submit', (submit) => {
      submit.preventDefault();
      this.changeSearch();
    });
    this.search.addEventListener('input', () => {
      clearTimeout(this.searchTimer);
      this.searchTimer = setTimeout(() => this.changeSearch(), searchDelayMs);
    });
    this.search.addEventListener('change', () => this.changeSearch());
    // The field is not alone in its form, where Enter submits nothing.
    this.search.addEventListener('keydown', (press) => {
      if (press.key !== 'Enter' || press.isComposing) return;
      this.changeSearch();
      onEnter();
    });
    for (const field of [this.since, this.until]) field.addEventListener('change', () => this.changeSpan());
  }

  show(filters: Filters): void {
    clearTimeout(this.searchTimer);
    this.filters = filters;
    this.state.choose(filters.state);
    this.showProject(filters.project);
    this.source.value = filters.source;
    this.sort.value = filters.sort;
    const isSpan = Boolean(filters.since || filters.until);
    this.range.value = isSpan ? 'custom' : filters.range;
    this.span.hidden = !isSpan;
    this.since.value = toLocalField(filters.since);
    this.until.value = toLocalField(filters.until);
    this.showSpanProblem('');
    this.reportFilters.show(filters);
    if (this.chips.show(filters)) this.reportFilters.focus();
    // Setting an equal value would move the cursor of somebody who is typing.
    if (this.search.value.trim() !== filters.search) this.search.value = filters.search;
  }

  /** What is still being typed is not searched for any more. */
  leave(): void {
    clearTimeout(this.searchTimer);
    this.reportFilters.leave();
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }

  /** Fills the choice of projects; `null` when they could not be loaded. */
  setProjects(projects: readonly string[] | null): void {
    const chosen = this.filters.project;
    const missing = projects ? null : element('option', { disabled: '' }, 'Projects could not be loaded');
    // Without a value of its own an option's value is its text, trimmed: say it in full.
    const options = (projects ?? []).map((project) => new Option(project, project));
    const all = new Option('All projects', '');
    this.project.replaceChildren(all, ...options, ...(missing ? [missing] : []));
    this.showProject(chosen);
  }

  private showProject(project: string): void {
    this.project.value = project;
    if (this.project.value === project) return;
    // A link may name a project the list does not know: the filter stays visible all the same.
    this.project.append(new Option(project, project));
    this.project.value = project;
  }

  private changeSearch(): void {
    clearTimeout(this.searchTimer);
    this.change({ search: this.search.value.trim() });
  }

  private changeRange(range: string): void {
    if (range !== 'custom') {
      this.change({ range: range as Filters['range'], since: '', until: '' });
      return;
    }
    this.span.hidden = false;
    this.since.focus();
  }

  private changeSpan(): void {
    const [since, until] = [this.since.value, this.until.value];
    const isEmpty = since !== '' && until !== '' && since >= until;
    this.showSpanProblem(isEmpty ? 'The end must be after the beginning' : '');
    if (isEmpty) return;
    const span = parseFilters(new URLSearchParams({ since, until }).toString());
    this.change({ range: '', since: span.since, until: span.until });
  }

  private showSpanProblem(problem: string): void {
    this.until.setCustomValidity(problem);
    if (problem) this.until.reportValidity();
  }

  private change(change: Partial<Filters>): void {
    this.onChange({ ...this.filters, search: this.search.value.trim(), ...change, offset: 0 });
  }
}

function timeField(label: string): HTMLInputElement {
  return element('input', { type: 'datetime-local', 'aria-label': `Last seen: ${label.toLowerCase()}` });
}

function labelled(field: HTMLInputElement, index: number): HTMLElement {
  return element('span', {}, element('span', { 'aria-hidden': 'true' }, index === 0 ? 'from' : 'to'), field);
}

/** `2026-11-26T08:15`, in the viewer's zone. */
function toLocalField(iso: string): string {
  if (!iso) return '';
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
