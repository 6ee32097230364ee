import type { CountsRange, ErrorSummary } from '../api-answers.js';
import { button, element } from '../elements.js';
import { levelMark } from '../level-mark.js';
import { placeElement } from '../place-element.js';
import { readable } from '../readable-text.js';
import { sparkline } from '../sparkline.js';
import { formatCompactCount, formatPlace, oneLine, plural, shortFile } from '../text.js';
import { timeElement } from '../time.js';
import { longestMessage } from './filters.js';

const longestMessageSpoken = 80;
/** That of nearly all is not said. */
const longestFileInTitle = 1_000;

interface RowEvents {
  onSelect: () => void;
  /** resolve when it is open, reopen when it is resolved */
  onToggle: (row: ErrorRow) => void;
}

/** One error of the list. */
export class ErrorRow {
  readonly element = element('li', { class: 'error' });
  private readonly box = element('input', { type: 'checkbox', tabindex: '-1' });
  private readonly link = element('a', { class: 'title outside' });
  private readonly message = element('p');
  private readonly facts = element('p', { class: 'facts' });
  private readonly chart = element('div', { class: 'chart' });
  private readonly count = element('p', { class: 'count' });
  private readonly seen = element('div', { class: 'seen' });
  private readonly action = element('div', { class: 'action' });
  private range: CountsRange = '24h';

  constructor(
    public error: ErrorSummary,
    private readonly events: RowEvents,
  ) {
    this.box.addEventListener('change', () => {
      this.selected = this.box.checked;
      events.onSelect();
    });
    this.element.append(
      element('label', { class: 'box' }, this.box),
      element('div', { class: 'what' }, this.link, this.message, this.facts),
      this.chart,
      this.count,
      this.seen,
      this.action,
    );
  }

  get isDeleted(): boolean {
    return this.box.disabled;
  }

  get selected(): boolean {
    return this.box.checked;
  }

  set selected(selected: boolean) {
    this.box.checked = selected;
    this.element.classList.toggle('selected', selected);
  }

  /** Shows newer figures of the same error. @param address where its detail is */
  show(error: ErrorSummary, range: CountsRange, address: string): void {
    const wasResolved = this.error.resolved;
    this.error = error;
    this.range = range;
    const message = readable(oneLine(error.message, longestMessage));
    this.link.href = address;
    this.link.textContent = readable(error.exception_type);
    this.message.className = message ? 'line outside' : 'line none';
    this.message.textContent = message || 'no message';
    this.box.setAttribute('aria-label', `Select ${this.spokenName()}`);
    this.element.classList.toggle('resolved', error.resolved);
    this.showFacts();
    this.showFigures();
    // The button may have the focus: it is replaced only by another one.
    if (this.action.childElementCount === 0 || error.resolved !== wasResolved) this.showAction();
  }

  showDeleted(): void {
    this.element.classList.add('deleted');
    this.action.replaceChildren(element('span', { class: 'hint' }, 'Deleted'));
    this.selected = false;
    this.box.disabled = true;
  }

  setBusy(busy: boolean): void {
    this.element.setAttribute('aria-busy', String(busy));
  }

  focus(): void {
    this.link.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  private showFacts(): void {
    const { project, file, line, source, resolved, level } = this.error;
    this.facts.replaceChildren(
      element('span', { class: `state ${resolved ? 'resolved' : 'open'}` }, resolved ? 'Resolved' : 'Open'),
      ...(level === 'error' ? [] : [levelMark(level)]),
      element('span', { class: 'project outside', title: project }, project),
      ...(file
        ? [
            placeElement(
              { file: shortFile(file), line },
              { class: '', title: formatPlace(file, line, longestFileInTitle) ?? '' },
            ),
          ]
        : []),
      element('span', { class: 'source' }, source),
    );
  }

  private showFigures(): void {
    const { count, counts, first_seen: first, last_seen: last } = this.error;
    this.chart.replaceChildren(...(counts ? [sparkline(counts, this.range)] : []));
    this.count.title = plural(count, 'report');
    this.count.replaceChildren(
      formatCompactCount(count),
      element('span', { class: 'unit' }, count === 1 ? ' report' : ' reports'),
    );
    this.seen.replaceChildren(
      element('p', {}, element('span', { class: 'visually-hidden' }, 'last seen '), timeElement(last)),
      element('p', { class: 'first' }, 'first ', timeElement(first)),
    );
  }

  private showAction(): void {
    const verb = this.error.resolved ? 'Reopen' : 'Resolve';
    const made = button(verb, () => this.events.onToggle(this));
    made.setAttribute('aria-label', `${verb} ${this.spokenName()}`);
    this.action.replaceChildren(made);
  }

  private spokenName(): string {
    return `${this.error.exception_type} ${oneLine(this.error.message, longestMessageSpoken)}`.trim();
  }
}
