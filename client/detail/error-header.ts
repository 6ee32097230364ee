import type { ErrorDetail, TagValues } from '../api-answers.js';
import { button, element } from '../elements.js';
import { noFilters, toPageAddress } from '../list/filters.js';
import { formatCount, formatPlace, oneLine, shorten } from '../text.js';
import { exactTimeElement, timeElement } from '../time.js';
import { levelMark } from '../level-mark.js';
import { longestMessageLines, longText } from './long-text.js';
import { placeElement } from '../place-element.js';
import { readable } from '../readable-text.js';
import { tagValues } from './tag-values.js';

const longestMessageShown = 600;
/** The tags that say where an error was seen. */
const seenIn = { environment: 'Environment', release: 'Release' };

export interface HeaderEvents {
  /** resolve when it is open, reopen when it is resolved */
  onToggle: () => void;
  onCopyLink: () => void;
  onCopyMarkdown: () => void;
  onRawJson: () => void;
  onDelete: () => void;
}

/** What an error is and how it stands, with what can be done about it. */
export class ErrorHeader {
  readonly element: HTMLElement;
  readonly heading = element('h1', { tabindex: '-1', class: 'outside' });
  private readonly state = element('span', { class: 'state' });
  private readonly level = element('span', { class: 'level-place' });
  private readonly message = element('div', { class: 'message-place' });
  private readonly facts = element('dl', { class: 'figures' });
  private readonly toggle: HTMLButtonElement;
  private readonly actions: HTMLElement;
  private readonly seen = element('dl', { class: 'figures seen-in' });
  private shownMessage: string | null = null;
  private shownTags = '';

  constructor(events: HeaderEvents) {
    this.toggle = button('Resolve', events.onToggle, { class: 'primary', 'aria-keyshortcuts': 'e' });
    this.actions = element(
      'div',
      { class: 'actions', role: 'group', 'aria-label': 'Actions' },
      this.toggle,
      button('Copy link', events.onCopyLink),
      button('Copy as Markdown', events.onCopyMarkdown, { 'aria-keyshortcuts': 'm' }),
      button('Raw JSON', events.onRawJson),
      button('Delete …', events.onDelete, { class: 'danger' }),
    );
    this.element = element(
      'header',
      { class: 'detail-head' },
      element('div', { class: 'detail-title' }, this.heading, this.state, this.level),
      this.message,
      this.actions,
      this.facts,
      this.seen,
    );
  }

  show(error: ErrorDetail): void {
    const { resolved } = error;
    this.heading.textContent = readable(error.exception_type);
    this.state.textContent = resolved ? 'Resolved' : 'Open';
    this.state.className = `state ${resolved ? 'resolved' : 'open'}`;
    this.level.replaceChildren(...(error.level === 'error' ? [] : [levelMark(error.level)]));
    this.toggle.textContent = resolved ? 'Reopen' : 'Resolve';
    this.showMessage(error.message);
    this.facts.replaceChildren(...factsOf(error));
    this.showSeenIn(error.tags);
  }

  /** A disabled button would lose the focus. */
  setBusy(busy: boolean): void {
    this.toggle.setAttribute('aria-busy', String(busy));
  }

  /** Nothing can be done any more about an error that was deleted. */
  setDeleted(isDeleted: boolean): void {
    for (const one of this.actions.querySelectorAll('button')) one.disabled = isDeleted;
  }

  /** It may have been unfolded: only another one replaces it. */
  private showMessage(message: string): void {
    if (message === this.shownMessage) return;
    this.shownMessage = message;
    const holder = element('p', { class: 'message outside' });
    this.message.replaceChildren(
      message.trim() === ''
        ? element('p', { class: 'message nothing' }, 'no message')
        : longText(holder, message, longestMessageShown, longestMessageLines),
    );
  }

  /** They may have been unfolded, too. */
  private showSeenIn(tags: readonly TagValues[]): void {
    const shown = JSON.stringify(tags);
    if (shown === this.shownTags) return;
    this.shownTags = shown;
    const seen = Object.entries(seenIn).flatMap(([name, title]) => {
      const tag = tags.find((one) => one.name === name);
      if (!tag) return [];
      return [fact(tag.values.length === 1 ? title : `${title}s`, tagValues(tag))];
    });
    this.seen.hidden = seen.length === 0;
    this.seen.replaceChildren(...seen);
  }
}

function factsOf(error: ErrorDetail): HTMLElement[] {
  const { project, count, source, platform, file, line, first_seen: first, last_seen: last } = error;
  const place = file ? formatPlace(readable(file), line) : null;
  const ofProject = toPageAddress({ ...noFilters, project });
  return [
    fact('Project', element('a', { href: ofProject, class: 'outside' }, readable(project))),
    ...(file && place
      ? [fact('Place', placeElement({ file, line }, { class: 'mono', title: shorten(place, 2_000) }), 'wide')]
      : []),
    fact('Source', oneLine(source, 40)),
    ...(platform === null ? [] : [fact('Platform', outside(platform))]),
    fact('Reports', formatCount(count)),
    fact('First seen', timePair(first)),
    fact('Last seen', timePair(last)),
    ...(error.resolved_at ? [fact('Resolved', timePair(error.resolved_at))] : []),
  ];
}

function outside(text: string): HTMLElement {
  return element('span', { class: 'outside' }, oneLine(readable(text), 60));
}

function fact(name: string, value: HTMLElement | string, kind = ''): HTMLElement {
  return element('div', { class: kind }, element('dt', {}, name), element('dd', {}, value));
}

/** How long ago, and when exactly. */
function timePair(iso: string): HTMLElement {
  return element(
    'span',
    {},
    timeElement(iso),
    element('span', { class: 'exact-time' }, exactTimeElement(iso)),
  );
}
