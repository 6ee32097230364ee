import type { Frame } from '../api-answers.js';

/** One frame, or a run of frames that is folded: those from `from` up to, not including, `to`. */
export type Piece = { frame: number } | { from: number; to: number };

/** More frames of one's own than this are folded, too: a recursion repeats the same ones. */
const mostShown = 60;
const shownAroundThrown = 20;
const shownAtEnds = 10;
/** when there is nothing but library frames */
const shownAmongLibrary = 3;

/**
 * Which frames are shown at first, in the order written: those of the application and the one that was thrown from; runs
 * of others are folded. A single frame is never folded: it takes no more room than its fold.
 */
export function foldFrames(frames: readonly Frame[]): Piece[] {
  const isShown = chooseShown(frames);
  const pieces: Piece[] = [];
  for (let at = 0; at < frames.length;) {
    let to = at;
    while (to < frames.length && !isShown(to)) to += 1;
    if (to - at > 1) {
      pieces.push({ from: at, to });
      at = to;
    } else {
      pieces.push({ frame: at });
      at += 1;
    }
  }
  return pieces;
}

function chooseShown(frames: readonly Frame[]): (index: number) => boolean {
  const thrown = frames.findIndex((frame) => frame.thrown);
  const isNear = (index: number, distance: number) => Math.abs(index - Math.max(thrown, 0)) <= distance;
  const isOwn = (index: number) => frames[index]?.library === false;
  const own = frames.filter(({ library }) => !library).length;
  if (own === 0) return (index) => isNear(index, shownAmongLibrary);
  if (own <= mostShown) return (index) => index === thrown || isOwn(index);
  const isAtEnd = (index: number) => index < shownAtEnds || index >= frames.length - shownAtEnds;
  return (index) =>
    index === thrown || (isOwn(index) && (isAtEnd(index) || isNear(index, shownAroundThrown)));
}
