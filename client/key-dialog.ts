import { Api } from './api.js';
import { ApiError } from './api-error.js';
import { byId } from './elements.js';
import { showFailure } from './failure-notice.js';

/** Asks for the API key and hands it on once the server has accepted it. */
export class KeyDialog {
  private readonly dialog = byId('key-dialog', HTMLDialogElement);
  private readonly input = byId('key-input', HTMLInputElement);
  private readonly problem = byId('key-problem', HTMLElement);
  private readonly failure = byId('key-failure', HTMLElement);
  private readonly submit = byId('key-submit', HTMLButtonElement);
  private check = new AbortController();

  constructor(private readonly onAccepted: (key: string) => void) {
    byId('key-form', HTMLFormElement).addEventListener('submit', (submit) => {
      submit.preventDefault();
      void this.tryKey();
    });
    this.input.addEventListener('input', () => this.showProblem(''));
    this.dialog.addEventListener('close', () => this.reset());
  }

  /** `problem` says why a key is asked for again. */
  open(problem = ''): void {
    if (!this.dialog.open) this.dialog.showModal();
    this.showProblem(problem);
    this.input.focus();
  }

  close(): void {
    this.dialog.close();
  }

  private async tryKey(): Promise<void> {
    const key = this.input.value.trim();
    if (!key) {
      this.showProblem('Enter a key.');
      this.input.focus();
      return;
    }
    this.check.abort();
    const { signal } = (this.check = new AbortController());
    this.showProblem('');
    this.setChecking(true);
    try {
      await new Api(key, () => undefined).listProjects(signal);
      if (!signal.aborted) this.onAccepted(key);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.setChecking(false);
      this.showRefusal(error);
    }
  }

  private showRefusal(error: ApiError): void {
    if (error.failure !== 'unauthorized') {
      showFailure(this.failure, error, () => void this.tryKey());
      return;
    }
    this.showProblem('This key is wrong: the server does not accept it.');
    this.input.focus();
    this.input.select();
  }

  private showProblem(text: string): void {
    this.problem.textContent = text;
    this.failure.replaceChildren();
    this.input.setAttribute('aria-invalid', String(text !== ''));
  }

  private setChecking(checking: boolean): void {
    this.submit.disabled = checking;
    this.submit.textContent = checking ? 'Checking …' : 'Continue';
  }

  private reset(): void {
    this.check.abort();
    this.input.value = '';
    this.showProblem('');
    this.setChecking(false);
  }
}
