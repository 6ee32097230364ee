import type { LedgerEntry } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { showFailure } from '../failure-notice.js';
import type { Shell } from '../page.js';
import { skeleton } from '../skeleton.js';
import { formatCount } from '../text.js';
import { timeElement } from '../time.js';

/** More than a project can have. */
const most = 200;

/** What was refused or left out, of a project or of none: folded, and read whenever it is opened. */
export class LedgerPanel {
  readonly element: HTMLDetailsElement;
  private readonly number = element('span', { class: 'hint' });
  private readonly place = element('div', { class: 'ledger-place' });
  private request = new AbortController();

  /**
   * @param projectId 0 for what belongs to no project
   * @param note stands above the entries
   */
  constructor(
    private readonly shell: Shell,
    private readonly projectId: number,
    title: string,
    note: HTMLElement | null = null,
  ) {
    this.element = element(
      'details',
      { class: 'ledger' },
      element('summary', {}, title, this.number),
      note,
      this.place,
    );
    this.element.addEventListener('toggle', () => {
      if (this.element.open) void this.load();
    });
  }

  /** @param entries null when they are not known */
  showNumber(entries: readonly LedgerEntry[] | null): void {
    this.number.textContent = entries === null ? '' : `: ${numberOf(entries)}`;
  }

  /** What is shown stays until the newer answer is there. */
  async load(): Promise<void> {
    this.request.abort();
    const { signal } = (this.request = new AbortController());
    if (!this.place.hasChildNodes()) this.place.replaceChildren(skeleton('Loading what was refused', 2));
    try {
      const entries = await this.shell.api.listLedger(this.projectId, most, signal);
      this.showNumber(entries);
      this.place.replaceChildren(
        entries.length === 0
          ? element('p', { class: 'hint' }, 'Nothing was refused in the last 30 days.')
          : element('ul', { class: 'ledger-entries' }, ...inOrder(entries).map(entryItem)),
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (this.element.isConnected) showFailure(this.place, error, () => void this.load());
    }
  }
}

function numberOf(entries: readonly LedgerEntry[]): string {
  const calm = entries.filter(isCalm).length;
  const other = entries.length - calm;
  const words = [
    ...(other > 0 ? [other === 1 ? '1 entry' : `${formatCount(other)} entries`] : []),
    ...(calm > 0 ? [`${formatCount(calm)} of no concern`] : []),
  ];
  return words.join(', and ') || 'nothing';
}

/** What is left out of healthy clients, or came again, is no trouble: it comes last. */
function inOrder(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return [...entries].sort((one, other) => Number(isCalm(one)) - Number(isCalm(other)));
}

/** A second event, or one without an envelope, is gone, and somebody may miss it. */
function isCalm({ outcome, reason }: LedgerEntry): boolean {
  return outcome === 'duplicate' || (outcome === 'ignored' && reason === 'item-type');
}

function entryItem(entry: LedgerEntry): HTMLElement {
  const { outcome, explanation, detail, client, count, last_at: last, remedy } = entry;
  return element(
    'li',
    isCalm(entry) ? { class: 'calm' } : {},
    element('p', {}, element('span', { class: `outcome-name ${outcome}` }, outcome), ` ${explanation}`),
    detail === null ? null : element('p', { class: 'ledger-detail outside' }, element('code', {}, detail)),
    element('p', { class: 'remedy' }, remedy),
    element(
      'p',
      { class: 'hint outside' },
      count === 1 ? 'Once, ' : `${formatCount(count)} times, the last `,
      timeElement(last),
      client === null ? ', by a client without a name' : `, by ${client}`,
    ),
  );
}
