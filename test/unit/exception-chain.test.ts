import type { Exception, SourceFrame } from '../../client/api-answers';
import { arrangeExceptions, mainFrame } from '../../client/detail/exception-chain';

const exception = (type: string | null, parent: number | null, frames: SourceFrame[] = []): Exception => ({
  type,
  parent,
  frames,
  value: null,
  module: null,
  mechanism: null,
  handled: null,
});

const frame = (name: string, library: boolean, thrown = false): SourceFrame => ({
  function: name,
  file: 'a.py',
  line: 1,
  column: null,
  library,
  thrown,
});

describe('Exceptions of a report', () => {
  it.each<[string, Exception[], string[]]>([
    ['are none', [], []],
    ['are one alone', [exception('A', null)], ['A']],
    [
      'are a chain when nothing says what belongs to what',
      [exception('A', null), exception('B', null), exception(null, null)],
      ['A', 'Caused by B', 'Caused by null'],
    ],
    [
      'are a chain when each has the one before as its parent',
      [exception('A', null), exception('B', 0), exception('C', 1)],
      ['A', 'Caused by B', 'Caused by C'],
    ],
    [
      'are members when a group has several, with what caused a member at its side',
      [exception('A', null), exception('B', 0), exception('C', 1), exception('D', 0)],
      ['A', '  Member 1 of 2 B', '  Caused by C', '  Member 2 of 2 D'],
    ],
    [
      'are members of what is called a group, also within another',
      [exception('ExceptionGroup', null), exception('System.AggregateException', 0), exception('C', 1)],
      ['ExceptionGroup', '  Member 1 of 1 System.AggregateException', '    Member 1 of 1 C'],
    ],
    [
      'are a chain when their parents make no sense',
      [exception('Group', 0), exception('B', 1), exception('C', 7), exception('D', -1), exception('E', 0.5)],
      ['Group', 'Caused by B', 'Caused by C', 'Caused by D', 'Caused by E'],
    ],
  ])('%s', (_name, exceptions, expected) => {
    const shown = arrangeExceptions(exceptions).map(
      ({ exception: { type }, relation, depth }) =>
        `${'  '.repeat(depth)}${relation && `${relation} `}${String(type)}`,
    );
    expect(shown).toEqual(expected);
  });

  it.each<[string, SourceFrame[], string | undefined]>([
    ['where it was thrown', [frame('a', false), frame('b', true, true)], 'b'],
    ['in the newest of its own', [frame('a', true), frame('b', false), frame('c', false)], 'b'],
    ['in a library when there is nothing else', [frame('a', true), frame('b', true)], 'a'],
    ['nowhere without frames', [], undefined],
  ])('are looked at first %s', (_name, frames, expected) => {
    expect(mainFrame(exception('A', null, frames))?.function).toBe(expected);
  });
});
