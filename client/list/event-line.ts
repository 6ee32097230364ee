import type { Api } from '../api.js';
import type { EventPlace } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { type Filters, noFilters, toErrorAddress } from './filters.js';

const eventId = /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Leads to the error of an event, for who searches for the id of one. */
export class EventLine {
  readonly element = element('p', { class: 'event-line', role: 'status', hidden: '' });
  private request = new AbortController();
  private asked = '';

  /** @param onFound called when it leads somewhere */
  constructor(
    private readonly api: Api,
    private readonly onFound: () => void,
  ) {}

  get isFound(): boolean {
    return this.element.querySelector('a') !== null;
  }

  /** Looks for an event when what is searched for is the id of one. */
  show({ search, project }: Filters): void {
    const asked = eventId.test(search) ? `${search} ${project}` : '';
    if (asked === this.asked) return;
    this.asked = asked;
    this.say();
    this.request.abort();
    this.request = new AbortController();
    if (asked) void this.find(search, project, this.request.signal);
  }

  leave(): void {
    this.request.abort();
    this.asked = '';
  }

  /** The search itself says why it has no answer: this adds nothing to that. */
  private async find(id: string, project: string, signal: AbortSignal): Promise<void> {
    try {
      const place = await this.api.findEvent(id, project, signal);
      if (signal.aborted) return;
      if (place) this.showPlace(id, place);
      else
        this.say(
          'No event with this id is known here. Ids are kept for 30 days, at most the newest million.',
        );
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error;
    }
  }

  private showPlace(id: string, place: EventPlace): void {
    const others = place.others.flatMap((other, index) => [
      index === 0 ? '; the same id came to ' : ', ',
      toError(other),
    ]);
    this.say(`Event ${id.slice(0, 8)}… belongs to `, toError(place), ...others);
    this.onFound();
  }

  private say(...words: (string | HTMLElement)[]): void {
    this.element.hidden = words.length === 0;
    this.element.replaceChildren(...words);
  }
}

function toError({ error_id: id, project }: Pick<EventPlace, 'error_id' | 'project'>): HTMLElement {
  return element(
    'a',
    { href: toErrorAddress(id, { ...noFilters, state: 'all' }) },
    `error ${id} in `,
    element('span', { class: 'outside' }, project),
  );
}
