import { readable } from '../../client/readable-text';

describe('A text from outside that is shown', () => {
  it.each([
    ['colours', '\x1b[1;31mred\x1b[0m and \x1b[38;5;208morange\x1b[m', 'red and orange'],
    ['a title for the window', '\x1b]0;owned\x07shown', 'shown'],
    ['a link of a terminal', '\x1b]8;;http://a.example\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['moves of the cursor', 'a\x1b[2J\x1b[1;1Hb\x9b3Ac', 'abc'],
    ['short sequences', '\x1b(Bplain\x1b7\x1b8', 'plain'],
    ['line ends of all kinds', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['a tab', 'a\tb', 'a\tb'],
    ['other control characters, as their symbols', 'a\0b\x08c\x7f', 'a␀b␈c␡'],
    ['emoji, right-to-left and markup', '👩‍👩‍👧 שלום <b>&amp;', '👩‍👩‍👧 שלום <b>&amp;'],
  ])('keeps nothing that acts: %s', (_what, text, expected) => {
    expect(readable(text)).toBe(expected);
  });

  it('loses nothing to a sequence that does not end', () => {
    expect(readable('\x1b]0;no end\nnext line')).toBe('0;no end\nnext line');
    expect(readable('half\x1b[')).toBe('half');
    expect(readable('half\x1b')).toBe('half␛');
  });

  it.each(['\x1b]', '\x1b[1', '\x9b;', '\x1b[0;', '\x1b '])(
    'is read in linear time: %j again and again',
    (piece) => {
      const startedAt = performance.now();
      readable(piece.repeat(250_000 / piece.length));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    },
  );
});
