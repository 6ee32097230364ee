import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import type { Shell } from '../page.js';
import { LedgerPanel } from './ledger-panel.js';

/** With more than that the numbers of the folded panels are not known. */
const mostAtOnce = 200;

/** What was refused or left out: a panel for each project, and one for what belongs to none. */
export class LedgerPanels {
  /** for what belongs to no project */
  readonly element: HTMLElement;
  private readonly panels = new Map<number, LedgerPanel>();

  constructor(private readonly shell: Shell) {
    const note = element(
      'p',
      { class: 'hint' },
      'Unknown ids of projects, reports without a known key, pages that no project allows: one of yours may be among them.',
    );
    const ofNone = new LedgerPanel(shell, 0, 'Refused without a project', note);
    this.panels.set(0, ofNone);
    this.element = element('div', { class: 'try' }, ofNone.element);
  }

  /** Makes the panel of a project, which stands in its card. */
  make(projectId: number): HTMLElement {
    const panel = new LedgerPanel(this.shell, projectId, 'What was refused or left out');
    this.panels.set(projectId, panel);
    return panel.element;
  }

  forget(projectId: number): void {
    this.panels.delete(projectId);
  }

  /** Reads the numbers of all panels with one request, and what is open anew. */
  async load(): Promise<void> {
    for (const panel of this.panels.values()) if (panel.element.open) void panel.load();
    try {
      const entries = await this.shell.api.listLedger(null, mostAtOnce);
      const isComplete = entries.length < mostAtOnce;
      for (const [id, panel] of this.panels) {
        const own = entries.filter((entry) => (entry.project_id ?? 0) === id);
        panel.showNumber(isComplete ? own : null);
      }
    } catch (error) {
      // A panel that is opened asks again, and says what is wrong.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
