import type { JsonObject } from '../../../common/parse-json';
import { noteExceeded } from './budget';
import { type Bounds, copyObject } from './copy-value';
import { cutText, noteCut, readObject, readWord } from './read-values';
import { scrubAddress } from '../scrub/scrub-address';
import type { Reading } from './reading';

export interface ReadUser {
  /** id, else name, else mail address; null when nothing of this is known */
  id: string | null;
  /** without what is null; null when nothing is left */
  shown: JsonObject | null;
}

const LONGEST_ID = 200;
const USER: Bounds = { longest: 1_024, members: 50, depth: 4 };

/** What clients write where their own address belongs, which they do not know. */
const AUTO = '{{auto}}';

/** @param peerAddress address that the event came from; null when it may not be stored */
export function readUser(
  event: JsonObject,
  sent: unknown,
  peerAddress: string | null,
  { scrubber, data, cut }: Reading,
): ReadUser {
  const user = readObject(sent) ?? {};
  const shown = copyObject(user, { ...USER, budget: data }, scrubber) ?? {};
  noteExceeded(data, 'user', cut);
  for (const name of Object.keys(shown)) {
    const value = shown[name];
    if (value === null || value === '') Reflect.deleteProperty(shown, name);
  }
  const address = readWord(user.ip_address, LONGEST_ID);
  const isAuto = address === AUTO || (address === null && infersAddress(event));
  if (isAuto) {
    Reflect.deleteProperty(shown, 'ip_address');
    if (peerAddress !== null) shown.ip_address = peerAddress;
  }
  const id =
    readWord(user.id, LONGEST_ID) ?? readWord(user.username, LONGEST_ID) ?? readWord(user.email, LONGEST_ID);
  noteCut(id, LONGEST_ID, 'user', cut);
  return {
    id: id === null ? null : cutText(scrubAddress(id, scrubber), LONGEST_ID),
    shown: Object.keys(shown).length > 0 ? shown : null,
  };
}

function infersAddress(event: JsonObject): boolean {
  return readObject(readObject(event.sdk)?.settings)?.infer_ip === 'auto';
}
