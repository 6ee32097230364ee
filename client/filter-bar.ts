import { byId, element } from './elements.js';
import { type Filters, parseFilters } from './filters.js';

const searchDelayMs = 200;

/** The controls above the list. Any change starts again at the first page. */
export class FilterBar {
  private readonly form = byId('filters', HTMLFormElement);
  private readonly project = this.control('project', HTMLSelectElement);
  private readonly search = this.control('search', HTMLInputElement);
  private searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onChange: (filters: Filters) => void) {
    this.form.addEventListener('change', (change) => {
      if (change.target !== this.search) this.changeNow();
    });
    this.form.addEventListener('submit', (submit) => {
      submit.preventDefault();
      this.changeNow();
    });
    this.search.addEventListener('input', () => {
      clearTimeout(this.searchTimer);
      this.searchTimer = setTimeout(() => this.changeNow(), searchDelayMs);
    });
    document.addEventListener('keydown', (press) => this.focusSearchOnSlash(press));
  }

  show(filters: Filters): void {
    clearTimeout(this.searchTimer);
    for (const radio of this.form.querySelectorAll<HTMLInputElement>('input[name="state"]')) {
      radio.checked = radio.value === filters.state;
    }
    this.showProject(filters.project);
    // Setting an equal value would move the cursor of somebody who is typing.
    if (this.search.value.trim() !== filters.search) this.search.value = filters.search;
  }

  setHidden(hidden: boolean): void {
    this.form.hidden = hidden;
  }

  /** Fills the choice of projects; `null` when they could not be loaded. */
  setProjects(projects: readonly string[] | null): void {
    const chosen = this.project.value;
    const options = (projects ?? []).map((project) => element('option', {}, project));
    // Without a value of its own an option's value is its text, trimmed: say it in full.
    options.forEach((option, index) => (option.value = projects?.[index] ?? ''));
    const missing = projects ? null : element('option', { disabled: '' }, 'Projects could not be loaded');
    const all = element('option', { value: '' }, 'All projects');
    this.project.replaceChildren(all, ...options, ...(missing ? [missing] : []));
    this.showProject(chosen);
  }

  private showProject(project: string): void {
    this.project.value = project;
    if (this.project.value === project) return;
    // A link may name a project the list does not know: the filter stays visible all the same.
    const option = element('option', {}, project);
    option.value = project;
    this.project.append(option);
    this.project.value = project;
  }

  private changeNow(): void {
    clearTimeout(this.searchTimer);
    const state = new FormData(this.form).get('state');
    this.onChange({
      ...parseFilters(`state=${typeof state === 'string' ? state : ''}`),
      project: this.project.value,
      search: this.search.value.trim(),
    });
  }

  private focusSearchOnSlash(press: KeyboardEvent): void {
    if (press.key !== '/' || press.ctrlKey || press.metaKey || press.altKey) return;
    if (document.querySelector('dialog[open]') || this.form.closest('[hidden]')) return;
    const typing = 'input:not([type="radio"]), textarea, select, [contenteditable]';
    if (press.target instanceof Element && press.target.matches(typing)) return;
    press.preventDefault();
    this.search.focus();
    this.search.select();
  }

  private control<Kind extends HTMLElement>(name: string, kind: new () => Kind): Kind {
    const found = this.form.elements.namedItem(name);
    if (!(found instanceof kind)) throw new Error(`index.html has no filter named ${name}`);
    return found;
  }
}
