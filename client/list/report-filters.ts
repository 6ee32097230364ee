import type { Api } from '../api.js';
import { ApiError } from '../api-error.js';
import { element, select } from '../elements.js';
import { addTags, type Filters, hasReportFilter, longestTag, longestTagValue, noFilters } from './filters.js';
import { readTag, writeTag } from '../tag-text.js';
import { Suggestions } from './suggestions.js';

type Change = Partial<Pick<Filters, 'environment' | 'release' | 'level' | 'user' | 'tag'>>;

const wide = '(min-width: 44.0625rem)';
const levelChoices = {
  '': 'All levels',
  fatal: 'Fatal',
  error: 'Error',
  warning: 'Warning',
  info: 'Info',
  debug: 'Debug',
};
/** These have fields of their own. */
const namedTags = ['environment', 'release', 'level', 'user'];

/** Filters by what reports had, folded away until somebody asks for them. */
export class ReportFilters {
  readonly element: HTMLDetailsElement;
  private filters: Filters = noFilters;
  private isNew = true;
  private request = new AbortController();
  private readonly environment = select('Environment', { '': 'All environments' }, (environment) =>
    this.onChange({ environment }),
  );
  private readonly level = select('Level', levelChoices, (level) =>
    this.onChange({ level: level as Filters['level'] }),
  );
  private readonly release = textField('Release');
  private readonly user = textField('User');
  private readonly tag = textField('Tag', 'Tag, as name:value', longestTag);
  private readonly suggestions: readonly Suggestions[];

  constructor(
    private readonly api: Api,
    private readonly onChange: (change: Change) => void,
  ) {
    const { release, user, tag } = this;
    this.suggestions = [
      new Suggestions(
        release,
        'releases',
        (written, signal) => this.offerReleases(written, signal),
        () => this.onChange({ release: release.value.trim() }),
      ),
      new Suggestions(
        tag,
        'tags',
        (written, signal) => this.offerTags(written, signal),
        () => this.addTag(),
      ),
    ];
    release.addEventListener('change', () => this.onChange({ release: release.value.trim() }));
    user.addEventListener('change', () => this.onChange({ user: user.value.trim() }));
    tag.addEventListener('change', () => this.addTag());
    tag.addEventListener('input', () => tag.setCustomValidity(''));
    tag.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter' && tag.value.trim() !== '') this.explainTag();
    });
    this.element = element(
      'details',
      { class: 'more-filters' },
      element('summary', {}, 'More filters'),
      element(
        'div',
        { class: 'fields' },
        ...[this.environment, release, this.level, user, tag].map((field) =>
          element('div', { class: 'field' }, field),
        ),
        ...this.suggestions.map((each) => each.element),
      ),
    );
    this.element.addEventListener('toggle', () => {
      if (this.element.open) void this.loadEnvironments();
    });
  }

  show(filters: Filters): void {
    this.filters = filters;
    this.showEnvironment();
    this.level.value = filters.level;
    showText(this.release, filters.release);
    showText(this.user, filters.user);
    // Afterwards it is as somebody left it.
    if (this.isNew && hasReportFilter(filters)) this.element.open = window.matchMedia(wide).matches;
    this.isNew = false;
  }

  focus(): void {
    this.element.querySelector('summary')?.focus();
  }

  leave(): void {
    this.request.abort();
    for (const each of this.suggestions) each.leave();
  }

  private addTag(): void {
    const tag = addTags(this.filters.tag, [this.tag.value]);
    if (tag.length === this.filters.tag.length) return;
    this.tag.value = '';
    this.onChange({ tag });
  }

  /** Says what keeps a tag from being taken. */
  private explainTag(): void {
    const isTag = addTags([], [this.tag.value]).length > 0;
    const isMore = addTags(this.filters.tag, [this.tag.value]).length > this.filters.tag.length;
    const problem = isTag ? 'It is set already, or there are five' : 'A tag is written name:value';
    this.tag.setCustomValidity(isTag && isMore ? '' : problem);
    this.tag.reportValidity();
  }

  private async loadEnvironments(): Promise<void> {
    this.request.abort();
    const { signal } = (this.request = new AbortController());
    try {
      const { texts, more } = await this.api.listTagValues('environment', '', signal);
      this.setEnvironments(texts, more ? 'There are more: write the tag environment:…' : null);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.setEnvironments([], 'Environments could not be loaded');
    }
  }

  private setEnvironments(environments: readonly string[], note: string | null): void {
    const options = environments.map((environment) => new Option(environment, environment));
    const noted = note === null ? [] : [element('option', { disabled: '' }, note)];
    this.environment.replaceChildren(new Option('All environments', ''), ...options, ...noted);
    this.showEnvironment();
  }

  private showEnvironment(): void {
    const { environment } = this.filters;
    this.environment.value = environment;
    if (this.environment.value === environment) return;
    this.environment.append(new Option(environment, environment));
    this.environment.value = environment;
  }

  private async offerReleases(written: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.api.listTagValues('release', written, signal)).texts;
  }

  /** Names first, then values of the one that is written. */
  private async offerTags(written: string, signal: AbortSignal): Promise<readonly string[]> {
    const tag = readTag(written);
    if (tag === null) {
      const { texts } = await this.api.listTagNames(signal);
      return texts.filter((name) => !namedTags.includes(name)).map((name) => writeTag(name, ''));
    }
    const [name, value] = tag;
    const { texts } = await this.api.listTagValues(name, value.trim(), signal);
    return texts.map((text) => writeTag(name, text));
  }
}

function textField(label: string, placeholder = label, longest = longestTagValue): HTMLInputElement {
  return element('input', {
    type: 'text',
    'aria-label': label,
    placeholder,
    maxlength: String(longest),
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
  });
}

/** Setting an equal value would move the cursor of somebody who is typing. */
function showText(field: HTMLInputElement, text: string): void {
  if (field.value.trim() !== text) field.value = text;
}
