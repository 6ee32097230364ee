import type { Frame } from '../../client/api-answers';
import { foldFrames } from '../../client/detail/fold-frames';

/** `o`: own, `l`: library; upper case is where it was thrown. */
function framesOf(kinds: string): Frame[] {
  return [...kinds].map((kind, index) => ({
    function: `f${index}`,
    file: 'a.py',
    line: index + 1,
    column: null,
    library: kind.toLowerCase() === 'l',
    thrown: kind !== kind.toLowerCase(),
  }));
}

/** `0 1-3 4`: frame 0, a fold of 1 to 3, frame 4. */
function foldsOf(kinds: string): string {
  return foldFrames(framesOf(kinds))
    .map((piece) => ('frame' in piece ? `${piece.frame}` : `${piece.from}-${piece.to - 1}`))
    .join(' ');
}

describe('Of the frames of a stack trace', () => {
  it.each([
    ['all own ones are shown', 'ooO', '0 1 2'],
    ['runs of library frames are folded, each on its own', 'lllollO', '0-2 3 4-5 6'],
    ['a single library frame is not: its fold would take as much room', 'oloO', '0 1 2 3'],
    ['the one that threw is shown, also in a library', 'oolllLll', '0 1 2-4 5 6-7'],
    [
      'with nothing but library frames, those around the throwing one are shown',
      'llllllLllllll',
      '0-2 3 4 5 6 7 8 9 10-12',
    ],
    ['with nothing but library frames and none that threw, the first are shown', 'llllllll', '0 1 2 3 4-7'],
    ['there may be none', '', ''],
  ])('%s', (_what, kinds, expected) => {
    expect(foldsOf(kinds)).toBe(expected);
  });

  it('few of a deep recursion are shown: both ends, and where it was thrown', () => {
    const pieces = foldFrames(framesOf('o'.repeat(1_500) + 'O' + 'o'.repeat(499)));
    const shown = pieces.flatMap((piece) => ('frame' in piece ? [piece.frame] : []));
    expect(pieces.length).toBeLessThan(70);
    expect(shown).toEqual(expect.arrayContaining([0, 9, 1_480, 1_500, 1_520, 1_999]));
    const folded = pieces.reduce((sum, piece) => sum + ('from' in piece ? piece.to - piece.from : 0), 0);
    expect(shown.length + folded).toBe(2_000);
  });
});
