import type { Passage, TcpProxy } from './tcp-proxy';

/** A statement that stores reports, which is the only one that carries fingerprints so. */
const REPORTS = /[0-9a-f]{32}/;

/** Where the connection of a batch breaks. */
export type Moment =
  'before it is sent' | 'while it is sent' | 'after it is sent' | 'before the answer passes';

export const MOMENTS: Moment[] = [
  'before it is sent',
  'while it is sent',
  'after it is sent',
  'before the answer passes',
];

/**
 * Breaks the connection of batches of reports, each time at another moment.
 * @param share how many of the batches: 0.5 is every other
 * @returns how often it has happened so far, by moment
 */
export function cutReports(
  proxy: TcpProxy,
  share: number,
  moments: readonly Moment[] = MOMENTS,
): Record<Moment, number> {
  const cuts = Object.fromEntries(MOMENTS.map((moment) => [moment, 0])) as Record<Moment, number>;
  const losesAnswer = new WeakSet<Passage>();
  let turn = 0;
  const cut = (passage: Passage, moment: Moment) => {
    cuts[moment] += 1;
    proxy.cut((other) => other === passage);
  };
  proxy.fromClient = (passage, bytes) => {
    if (!isOfWriter(passage) || !REPORTS.test(bytes.toString('latin1')) || Math.random() >= share)
      return false;
    const moment = moments[turn++ % moments.length]!;
    if (moment === 'before the answer passes') {
      losesAnswer.add(passage);
      return false;
    }
    if (moment === 'before it is sent') {
      cut(passage, moment);
      return true;
    }
    const sent = moment === 'while it is sent' ? bytes.subarray(0, bytes.length / 2) : bytes;
    // What was sent arrives: the connection is ended in order, not reset.
    passage.server.end(sent);
    cuts[moment] += 1;
    passage.client.resetAndDestroy();
    return true;
  };
  proxy.fromServer = (passage) => {
    if (!losesAnswer.has(passage)) return false;
    cut(passage, 'before the answer passes');
    return true;
  };
  return cuts;
}

function isOfWriter({ greeting }: Passage): boolean {
  return greeting.includes('error-tracker writer');
}
