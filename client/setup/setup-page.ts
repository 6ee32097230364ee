import type { AlertStatus, ServerStatus } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import type { Page, Shell } from '../page.js';
import { alertFacts } from './alert-facts.js';
import { FirstError } from './first-error.js';
import { Part } from './part.js';
import { ProjectKeys } from './project-keys.js';
import { serverFacts, settingsTable } from './server-facts.js';
import { TestAlert } from './test-alert.js';

export function setupPage(shell: Shell): Page {
  return new SetupPage(shell);
}

/** How to send errors and get alerts, and what runs here with which settings. Each section loads by itself. */
class SetupPage implements Page {
  readonly element: HTMLElement;
  readonly shortcuts = [];
  private readonly heading = element('h1', { tabindex: '-1' }, 'Set-up');
  private readonly firstError: FirstError;
  private readonly testAlert: TestAlert;
  private readonly projectKeys: ProjectKeys;
  private readonly alerts: Part<AlertStatus>;
  private readonly server: Part<[ServerStatus, string]>;
  private readonly settings: Part<ServerStatus>;
  private isShown = false;
  private request = new AbortController();
  /** two sections ask for it at the same moment */
  private statusUnderWay: Promise<ServerStatus> | null = null;

  constructor(private readonly shell: Shell) {
    const { api } = shell;
    this.firstError = new FirstError(shell);
    this.projectKeys = new ProjectKeys(shell, (projects) => this.firstError.showProjects(projects));
    this.testAlert = new TestAlert(shell, () => void this.alerts.load());
    this.alerts = new Part(
      'alerts',
      'Alerts',
      (signal) => api.getAlertStatus(signal),
      alertFacts,
      this.testAlert.element,
    );
    this.server = new Part(
      'server',
      'Server',
      (signal) => Promise.all([this.readStatus(), this.askHealth(signal)]),
      ([status, health]) => serverFacts(status, health),
    );
    this.settings = new Part('settings', 'Settings in force', () => this.readStatus(), settingsTable);
    this.element = element(
      'div',
      { class: 'setup-page' },
      this.heading,
      contents(),
      this.firstError.element,
      ...this.parts.map((part) => part.element),
    );
  }

  show(address: URL): void {
    document.title = 'Set-up · Error tracker';
    // A step to another section is the browser's own affair.
    if (this.isShown) return;
    this.isShown = true;
    const loaded = this.parts.map((part) => part.load());
    if (address.hash) void Promise.all(loaded).then(() => goTo(address.hash.slice(1)));
  }

  focus(): void {
    this.heading.focus({ preventScroll: true });
  }

  leave(): void {
    this.isShown = false;
    this.firstError.leave();
    this.testAlert.leave();
    for (const part of this.parts) part.leave();
    this.request.abort();
    this.request = new AbortController();
    this.statusUnderWay = null;
  }

  private get parts() {
    return [this.projectKeys.part, this.alerts, this.server, this.settings] as const;
  }

  private readStatus(): Promise<ServerStatus> {
    this.statusUnderWay ??= this.readStatusOnce().finally(() => (this.statusUnderWay = null));
    return this.statusUnderWay;
  }

  private async readStatusOnce(): Promise<ServerStatus> {
    const status = await this.shell.api.getStatus(this.request.signal);
    const isTold = status.settings.some((one) => one.name === 'BASE_URL' && !one.is_default);
    this.firstError.showAddress(isTold ? status.base_url : null);
    this.projectKeys.showAddress(isTold);
    return status;
  }

  /** Says in words how the server is; that it does not say so is an answer, too. */
  private async askHealth(signal: AbortSignal): Promise<string> {
    const askedAtMs = performance.now();
    try {
      const health = await this.shell.api.getHealth(signal);
      return `${health}, answered in ${Math.round(performance.now() - askedAtMs)} ms`;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return `unknown: ${error.message || 'the server could not answer'}`;
    }
  }
}

function contents(): HTMLElement {
  const sections = {
    'first-error': 'First error',
    'ingest-keys': 'Ingest keys',
    alerts: 'Alerts',
    server: 'Server',
    settings: 'Settings',
  };
  const links = Object.entries(sections).map(([id, title]) => element('a', { href: `#${id}` }, title));
  return element('nav', { class: 'contents', 'aria-label': 'On this page' }, ...links);
}

/** The sections have grown since the browser looked for its place. */
function goTo(id: string): void {
  document.getElementById(id)?.scrollIntoView();
}
