import type { Api } from '../api.js';
import type { EventPlace } from '../api-answers.js';
import { ApiError } from '../api-error.js';
import { element } from '../elements.js';
import { parseEventId } from '../event-id.js';
import { type Filters, noFilters, toErrorAddress } from './filters.js';

/** Leads to the report of an event, for who searches for the id of one. */
export class EventLine {
  readonly element = element('p', { class: 'event-line', role: 'status', hidden: '' });
  private request = new AbortController();
  private asked = '';
  /** it is opened as soon as it is found */
  private isOpenDue = false;

  /** @param onFound called when it leads somewhere */
  constructor(
    private readonly api: Api,
    private readonly onFound: () => void,
  ) {}

  get isFound(): boolean {
    return this.link !== null;
  }

  private get link(): HTMLAnchorElement | null {
    return this.element.querySelector('a');
  }

  /** Looks for an event when what is searched for is the id of one. */
  show({ search, project }: Filters): void {
    const asked = parseEventId(search) === null ? '' : `${search} ${project}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.isOpenDue = false;
    this.say();
    this.request.abort();
    this.request = new AbortController();
    if (asked) void this.find(search, project, this.request.signal);
  }

  /** Goes where it leads, also when that is not known yet; nowhere when no event is searched for. */
  open(): void {
    this.isOpenDue = this.asked !== '' && !this.isFound;
    this.link?.click();
  }

  leave(): void {
    this.request.abort();
    this.asked = '';
    this.isOpenDue = false;
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
    const { event_id: event, occurrence_id: occurrence } = place;
    const others = place.others.flatMap((other, index) => [
      index === 0 ? '; the same id came to ' : ', ',
      toError(other, event),
    ]);
    const gone =
      occurrence === null ? [', which keeps the newest five reports, and not this one any more'] : [];
    this.say(`Event ${id.slice(0, 8)}… belongs to `, toError(place, event), ...gone, ...others);
    this.onFound();
    if (this.isOpenDue) this.link?.click();
  }

  private say(...words: (string | HTMLElement)[]): void {
    this.element.hidden = words.length === 0;
    this.element.replaceChildren(...words);
  }
}

function toError(
  { error_id: id, project }: Pick<EventPlace, 'error_id' | 'project'>,
  event: string,
): HTMLElement {
  return element(
    'a',
    { href: toErrorAddress(id, { ...noFilters, state: 'all' }, event) },
    `error ${id} in `,
    element('span', { class: 'outside' }, project),
  );
}
