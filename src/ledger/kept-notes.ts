import { addTo, type GatheredNote, isKeyless } from './ledger-note';

/** Of each project and reason so many rows are kept, those that happened last; that of what came without a key is one more. */
export const KEPT_OF_REASON = 10;

/**
 * What of notes is worth writing: those of projects that do not exist belong to none, what is then the same becomes
 * one, and of each project and reason only as many are left as are kept.
 * @param known ids of the projects that exist
 * @returns grouped by project and reason
 */
export function keepNotes(notes: readonly GatheredNote[], known: ReadonlySet<number>): GatheredNote[][] {
  const groups = new Map<string, Map<string, GatheredNote>>();
  for (const note of notes) {
    const projectId = known.has(note.projectId) ? note.projectId : 0;
    const group = `${projectId} ${note.reason}`;
    const ofGroup = groups.get(group) ?? new Map<string, GatheredNote>();
    groups.set(group, ofGroup);
    const same = ofGroup.get(note.toldApartBy);
    if (same) addTo(same, note);
    else ofGroup.set(note.toldApartBy, { ...note, projectId });
  }
  return [...groups.values()].map((ofGroup) => {
    const newestFirst = [...ofGroup.values()].sort((left, right) => right.lastAtMs - left.lastAtMs);
    const [keyless, keyed] = [true, false].map((is) => newestFirst.filter((note) => isKeyless(note) === is));
    return [...(keyless as GatheredNote[]), ...(keyed as GatheredNote[]).slice(0, KEPT_OF_REASON)];
  });
}
