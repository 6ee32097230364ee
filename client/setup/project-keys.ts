import type { ProjectDetails, ProjectDetailsPage } from '../api-answers.js';
import { button, element } from '../elements.js';
import type { Shell } from '../page.js';
import { Pager } from '../pager.js';
import { LedgerPanels } from './ledger-panels.js';
import { dsnToShow } from './dsn.js';
import { Part } from './part.js';
import { ProjectCard } from './project-card.js';
import { SmallForm } from './small-form.js';

const pageSize = 20;

/** Projects with their ingest keys and allowed origins, to be looked at and changed. */
export class ProjectKeys {
  readonly part: Part<ProjectDetailsPage>;
  private readonly pager = new Pager(pageSize, (offset) => this.goTo(offset));
  /** by id: what is open in it stays open, and what is being written stays written */
  private readonly cards = new Map<number, ProjectCard>();
  private readonly ledger: LedgerPanels;
  private offset = 0;
  private projects: readonly ProjectDetails[] = [];
  private isTold = false;

  /** @param onShown is called with the projects whenever they have been read */
  constructor(
    private readonly shell: Shell,
    private readonly onShown: (projects: readonly ProjectDetails[]) => void,
  ) {
    this.ledger = new LedgerPanels(shell);
    this.part = new Part(
      'ingest-keys',
      'Projects and ingest keys',
      (signal) => shell.api.listProjectDetails(pageSize, this.offset, signal),
      (page) => this.render(page),
      this.newProject(),
      this.ledger.element,
    );
  }

  /** @param isTold whether BASE_URL has been set: while it is not, or that is not known, DSNs are as from here */
  showAddress(isTold: boolean): void {
    if (isTold === this.isTold) return;
    this.isTold = isTold;
    if (this.projects.length > 0) this.showProjects();
  }

  private render({ projects, total, offset }: ProjectDetailsPage): Node[] {
    this.projects = projects;
    const cards = this.showProjects();
    const shownIds = new Set(projects.map(({ id }) => id));
    for (const id of this.cards.keys()) if (!shownIds.has(id)) this.forget(id);
    void this.ledger.load();
    this.pager.show({ offset, shown: projects.length, total });
    if (projects.length > 0) return [...cards, this.pager.element];
    if (total > 0) return [button('Back to the first projects', () => this.goTo(0))];
    return [element('p', {}, 'There is no project yet. One is made by its first report, or by hand:')];
  }

  private showProjects(): HTMLElement[] {
    const withDsns = this.projects.map((project) => ({
      ...project,
      keys: project.keys.map((key) => ({
        ...key,
        dsn: key.dsn && dsnToShow(key.dsn, this.isTold, location.origin),
      })),
    }));
    this.onShown(withDsns);
    return withDsns.map((project) => this.cardOf(project));
  }

  private cardOf(project: ProjectDetails): HTMLElement {
    const known = this.cards.get(project.id) ?? this.makeCard(project.id);
    known.show(project);
    return known.element;
  }

  private makeCard(id: number): ProjectCard {
    const card = new ProjectCard(this.shell, () => this.part.load());
    card.element.append(this.ledger.make(id));
    this.cards.set(id, card);
    return card;
  }

  private forget(id: number): void {
    this.cards.delete(id);
    this.ledger.forget(id);
  }

  private newProject(): HTMLElement {
    const form = new SmallForm(
      'Make a project',
      [{ name: 'name', label: 'Name of a new project, as reports carry it', maxLength: 100 }],
      async ({ name = '' }) => {
        const { id } = await this.shell.api.createProject(name);
        this.shell.toasts.show(`Made the project ${name}`);
        await this.findPageOf(id);
      },
    );
    return element('div', { class: 'try' }, form.element);
  }

  /** A new project may stand on any page. */
  private async findPageOf(id: number): Promise<void> {
    await this.part.load();
    if (!this.cards.has(id)) this.shell.toasts.show('The project has been made; it stands on another page');
    // A project is of no use to clients before it has a key.
    this.cards.get(id)?.startKey();
  }

  private goTo(offset: number): void {
    this.offset = offset;
    void this.part.load();
  }
}
