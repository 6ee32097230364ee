import { BadRequestException, ForbiddenException } from '@nestjs/common';
import { RefusedException } from '../../src/common/refused-exception';
import { UnavailableError } from '../../src/common/unavailable';
import { KEPT_ITEMS } from '../../src/ingest/sentry/body/envelope-limits';
import { describeRefusal } from '../../src/ledger/describe-refusal';
import { GatheredNotes, MOST_GROUPS, MOST_OF_GROUP } from '../../src/ledger/gathered-notes';
import { KEPT_OF_REASON, keepNotes } from '../../src/ledger/kept-notes';
import type { GatheredNote, LedgerNote } from '../../src/ledger/ledger-note';
import { explainReason, LEDGER_REASONS } from '../../src/ledger/ledger-reasons';

const NOTE: LedgerNote = { projectId: 7, outcome: 'refused', reason: 'unknown-key', client: 'curl/8.5.0' };

function gathered(...notes: Partial<LedgerNote>[]): GatheredNote[] {
  const all = new GatheredNotes();
  notes.forEach((note, index) => all.add({ ...NOTE, ...note }, 1_000 + index));
  return all.take();
}

describe('a note', () => {
  test.each<[Partial<LedgerNote>, Partial<GatheredNote>]>([
    [{}, { projectId: 7, reason: 'unknown-key', detail: '', client: 'curl/8.5.0', n: 1 }],
    [
      { client: null, detail: 'why' },
      { client: '', detail: 'why' },
    ],
    [{ projectId: null }, { projectId: 0, detail: '' }],
    [{ projectId: -1 }, { projectId: 0 }],
    [{ projectId: 1.5 }, { projectId: 0 }],
    [{ projectId: 1e300 }, { projectId: 0 }],
    [{ quantity: 12 }, { n: 12 }],
    [{ quantity: 0 }, { n: 1 }],
    [{ quantity: -3 }, { n: 1 }],
    [{ quantity: NaN }, { n: 1 }],
    [{ quantity: 2.9 }, { n: 2 }],
    [{ quantity: Infinity }, { n: 1_000_000_000 }],
    [{ detail: 'd'.repeat(201) }, { detail: 'd'.repeat(200) }],
    [{ client: 'c'.repeat(101) }, { client: 'c'.repeat(100) }],
    [{ detail: 'a\0b\ud800c' }, { detail: 'a\ufffdb\ufffdc' }],
    [{ client: `${'c'.repeat(99)}🎉` }, { client: `${'c'.repeat(99)}\ufffd` }],
  ])('of %j is gathered as %j', (changes, expected) => {
    const notes = gathered(changes);
    expect(notes).toEqual([expect.objectContaining(expected)]);
  });

  test('that is the same counts up, with the times of the first and the last', () => {
    expect(gathered({}, { quantity: 3 }, { detail: 'x' }, {})).toEqual([
      expect.objectContaining({ detail: '', n: 5, firstAtMs: 1_000, lastAtMs: 1_003 }),
      expect.objectContaining({ detail: 'x', n: 1, firstAtMs: 1_002, lastAtMs: 1_002 }),
    ]);
  });

  test.each<Partial<LedgerNote>>([
    { projectId: 8 },
    { reason: 'no-key' },
    { detail: 'x' },
    { client: 'other' },
  ])('that differs in %j stands for itself', (changes) => {
    expect(gathered({}, changes)).toHaveLength(2);
  });

  test('without a key is one with all others of its project and reason, and tells of the last', () => {
    const keyless = { isKeyless: true };
    const notes = gathered(
      {},
      { ...keyless, client: 'first', detail: 'a' },
      { ...keyless, client: 'last', detail: 'b', quantity: 2 },
      { ...keyless, projectId: 8 },
      { ...keyless, reason: 'origin' },
    );
    expect(
      notes.map(({ projectId, reason, client, detail, n }) => [projectId, reason, client, detail, n]),
    ).toEqual([
      [7, 'unknown-key', 'curl/8.5.0', '', 1],
      [7, 'unknown-key', 'last', 'b', 3],
      [8, 'unknown-key', 'curl/8.5.0', '', 1],
      [7, 'origin', 'curl/8.5.0', '', 1],
    ]);
  });

  test('makes room for newer ones of its project and reason, and for no others', () => {
    const many = Array.from({ length: MOST_OF_GROUP + 5 }, (_, index) => ({ client: `c${index}` }));
    const others = [{ projectId: 8 }, { reason: 'cut' as const }];
    const notes = gathered({ isKeyless: true, client: 'keyless' }, ...others, ...many, { client: 'c5' });
    const clients = notes.map(({ client }) => client);
    expect(notes).toHaveLength(MOST_OF_GROUP + others.length);
    expect(clients).not.toContain('c4');
    expect(notes.filter(({ client }) => client === 'c24')).toHaveLength(1);
    expect(clients[0]).toBe('keyless');
    expect(notes.at(-1)).toMatchObject({ reason: 'cut', n: 1 });
  });

  test('of one project more than are held is dropped, and without a key it leaves room to those with one', () => {
    const projects = Array.from({ length: MOST_GROUPS }, (_, index) => ({ projectId: index + 1 }));
    const keyless = projects.map((note) => ({ ...note, isKeyless: true }));
    expect(gathered(...keyless)).toHaveLength(MOST_GROUPS / 2);
    const others = projects.map((note) => ({ ...note, reason: 'cut' as const }));
    expect(gathered(...keyless, ...others)).toHaveLength(MOST_GROUPS);
  });

  test('that could not be written is there again, together with what came meanwhile', () => {
    const all = new GatheredNotes();
    all.add(NOTE, 1_000);
    const unwritten = all.take();
    expect(all.isEmpty).toBe(true);
    all.add(NOTE, 2_000);
    all.putBack(unwritten);
    expect(all.take()).toEqual([expect.objectContaining({ n: 2, firstAtMs: 1_000, lastAtMs: 2_000 })]);
  });
});

describe('what of notes is written', () => {
  const known = new Set([7]);

  test('is without a project where there is none, and what is then the same is one', () => {
    const notes = gathered({ projectId: 98 }, { projectId: 99 }, { projectId: null }, {});
    expect(keepNotes(notes, known)).toEqual([
      [expect.objectContaining({ projectId: 0, n: 3, firstAtMs: 1_000, lastAtMs: 1_002 })],
      [expect.objectContaining({ projectId: 7, n: 1 })],
    ]);
  });

  test('are the last ones of each project and reason', () => {
    const many = Array.from({ length: KEPT_OF_REASON + 5 }, (_, index) => ({ client: `c${index}` }));
    const [first, second] = keepNotes(gathered(...many, { reason: 'cut' }), known);
    expect(first?.map(({ client }) => client)).toEqual(
      many
        .map(({ client }) => client)
        .reverse()
        .slice(0, KEPT_OF_REASON),
    );
    expect(second).toHaveLength(1);
  });

  test('are as many with a key whatever came without one', () => {
    const many = Array.from({ length: MOST_OF_GROUP }, (_, index) => ({ client: `c${index}` }));
    const [group] = keepNotes(gathered({ isKeyless: true }, ...many), known);
    expect(group).toHaveLength(KEPT_OF_REASON + 1);
    expect(group?.[0]).toMatchObject({ toldApartBy: '' });
  });
});

test('a reason of a newer version is explained, too, while replicas are exchanged', () => {
  expect(explainReason('too-loud')).toMatchObject({
    outcome: 'ignored',
    explanation: expect.stringContaining('newer version'),
  });
  expect(explainReason('cut')).toBe(LEDGER_REASONS.cut);
});

test('what was too large is told how large it may be', () => {
  const mebibytes = KEPT_ITEMS.event!.mostBytes / 1024 ** 2;
  expect(LEDGER_REASONS['too-large'].remedy).toContain(`at most ${mebibytes} MiB`);
});

describe('an error that ended a report', () => {
  const refused = { outcome: 'refused', projectId: null };
  test.each<[unknown, unknown]>([
    [new RefusedException(401, 'unknown-key', 'wrong'), { ...refused, reason: 'unknown-key' }],
    [
      new RefusedException(403, 'origin', 'The origin is …', { projectId: 7, detail: 'null' }),
      { ...refused, reason: 'origin', projectId: 7, detail: 'null' },
    ],
    [
      new RefusedException(415, 'malformed', 'The charset must be utf-8'),
      { ...refused, reason: 'malformed', detail: 'The charset must be utf-8' },
    ],
    [
      new BadRequestException('message is required'),
      { ...refused, reason: 'malformed', detail: 'message is required' },
    ],
    [
      new UnavailableError('Too much is waiting', 1),
      { ...refused, reason: 'unavailable', detail: 'Too much is waiting' },
    ],
    [
      Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }),
      { ...refused, reason: 'unavailable' },
    ],
    [new ForbiddenException('no'), null],
    [new TypeError('a fault'), null],
  ])('is described by what it is, and not by its sentence (case %#)', (error, expected) => {
    expect(describeRefusal(error)).toEqual(expected);
  });
});
