import type { Arrival } from '../../src/ingest/sentry/event/arrival';
import { readFeedbackItem } from '../../src/ingest/sentry/event/read-feedback';
import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';

const OWN = '116faa21ae794270be328462ac636dac';
const EVENT = '591fd26e864546afbb2befebd31198fd';
const HEADER = '02cdc9d8b19b4f29abe87330c9397219';
const receivedAt = new Date('2026-11-23T01:00:00Z');
const scrubber = createScrubber();

function read(type: 'feedback' | 'user_report', payload: unknown, eventId: string | null = null) {
  const arrival: Arrival = {
    project: 'shop',
    receivedAt,
    eventId,
    sentAt: null,
    isBrowser: true,
    peerAddress: null,
  };
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return readFeedbackItem(type, text, arrival, scrubber);
}

const feedback = (said: unknown, changes: Record<string, unknown> = {}) => ({
  event_id: OWN,
  contexts: { feedback: said },
  ...changes,
});

const nothing = { name: null, email: null, eventId: null, url: null };

describe('Feedback of the newer form', () => {
  test.each<[string, unknown, Record<string, unknown>]>([
    [
      'with everything',
      feedback({
        message: ' it broke\n twice ',
        name: 'Ada',
        contact_email: 'ada@example.test',
        url: 'https://shop.example.com/cart?token=hunter2&step=2',
        associated_event_id: '591FD26E-8645-46AF-BB2B-EFEBD31198FD',
      }),
      {
        ownId: OWN,
        eventId: EVENT,
        name: 'Ada',
        email: 'ada@example.test',
        message: 'it broke\n twice',
        url: 'https://shop.example.com/cart?token=[removed]&step=2',
      },
    ],
    ['with a message alone', feedback({ message: 'no' }), { ownId: OWN, message: 'no', ...nothing }],
    [
      'whose page only its request names',
      feedback({ message: 'no', url: '' }, { request: { url: 'http://localhost/shop' } }),
      { message: 'no', url: 'http://localhost/shop' },
    ],
    [
      'with fields of wrong types',
      feedback(
        { message: 7, name: ['Ada'], contact_email: {}, url: [], associated_event_id: 7 },
        { request: 'x' },
      ),
      { ownId: OWN, message: '7', ...nothing },
    ],
    [
      'with blanks for a name and a wrong id',
      feedback({ message: 'no', name: '  ', contact_email: '', associated_event_id: 'x' }),
      { message: 'no', ...nothing },
    ],
    [
      'of the longest texts',
      feedback({ message: 'm'.repeat(4_096), name: 'n'.repeat(200), contact_email: 'e'.repeat(200) }),
      { message: 'm'.repeat(4_096), name: 'n'.repeat(200), email: 'e'.repeat(200) },
    ],
    [
      'of longer ones, which are cut',
      feedback({ message: 'm'.repeat(4_097), name: 'n'.repeat(201), contact_email: 'e'.repeat(50_000) }),
      { message: `${'m'.repeat(4_095)}…`, name: `${'n'.repeat(199)}…`, email: `${'e'.repeat(199)}…` },
    ],
    [
      'with what no database takes',
      feedback({ message: 'a\0b\ud800', name: '\udc00' }),
      { message: 'a\ufffdb\ufffd', name: '\ufffd' },
    ],
    [
      'with NaN, as old clients write it',
      '{"contexts":{"feedback":{"message":"no"}},"x":NaN}',
      { message: 'no' },
    ],
  ])('%s', (_form, payload, expected) => {
    expect(read('feedback', payload)).toMatchObject({ project: 'shop', receivedAt, ...expected });
  });

  test('has the id of its envelope when it has none, and the same one each time when neither has', () => {
    const withoutId = feedback({ message: 'no' }, { event_id: null });
    expect(read('feedback', withoutId, HEADER)?.ownId).toBe(HEADER);
    expect(read('feedback', feedback({ message: 'no' }), HEADER)?.ownId).toBe(OWN);
    const ownId = read('feedback', withoutId)?.ownId;
    expect(ownId).toMatch(/^[0-9a-f]{32}$/);
    expect(read('feedback', withoutId)?.ownId).toBe(ownId);
  });
});

describe('Feedback of the older form', () => {
  const sent = { event_id: EVENT, name: 'Ada', email: 'ada@example.test', comments: 'it broke' };
  const ownIdOf = (changes: Record<string, unknown>, eventId: string | null = null) =>
    read('user_report', { ...sent, ...changes }, eventId)?.ownId;

  test('is about the event that it names, or else its envelope', () => {
    const expected = {
      eventId: EVENT,
      name: 'Ada',
      email: 'ada@example.test',
      message: 'it broke',
      url: null,
    };
    expect(read('user_report', sent, HEADER)).toMatchObject(expected);
    expect(read('user_report', { ...sent, event_id: 'x' }, HEADER)).toMatchObject({ eventId: HEADER });
    expect(read('user_report', { comments: 'no' })).toMatchObject({ message: 'no', ...nothing });
  });

  test('is the same when event, words and address are', () => {
    const ownId = ownIdOf({});
    expect(ownId).toMatch(/^[0-9a-f]{32}$/);
    expect(ownIdOf({ name: 'Bob' }, HEADER)).toBe(ownId);
    const others = [{ event_id: OWN }, { email: null }, { comments: 'it broke twice' }];
    expect(new Set([ownId, ...others.map((changes) => ownIdOf(changes))]).size).toBe(4);
  });
});

describe('What says nothing', () => {
  test.each(['', '{', 'null', '[]', '"no"', '['.repeat(50_000), '{}'])('%.20s is no feedback', (payload) => {
    expect(read('feedback', payload)).toBeNull();
    expect(read('user_report', payload)).toBeNull();
  });

  test.each([undefined, null, '', ' \n ', [], {}, ['it broke']])('nor is the message %j', (message) => {
    expect(read('feedback', feedback({ message, name: 'Ada' }))).toBeNull();
    expect(read('user_report', { event_id: EVENT, comments: message })).toBeNull();
  });

  test.each([null, [], 'no', { feedback: 'no' }, { feedback: [{ message: 'no' }] }])(
    'nor are the contexts %j',
    (contexts) => expect(read('feedback', { contexts })).toBeNull(),
  );
});
