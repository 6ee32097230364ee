import { EnvelopeReader } from '../../src/ingest/sentry/body/envelope-reader';

const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const MIB = 1024 * 1024;

function read(envelope: string | Buffer, pieceBytes = Infinity): EnvelopeReader {
  const bytes = Buffer.from(envelope);
  const reader = new EnvelopeReader();
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  reader.end();
  return reader;
}

const readItems = (envelope: string, pieceBytes?: number) => read(envelope, pieceBytes).items;

const payloads = ({ items }: EnvelopeReader) => items.all.map(({ payload }) => payload);

/** An item with its length. */
const measured = (type: string, payload: string) =>
  `${JSON.stringify({ type, length: Buffer.byteLength(payload) })}\n${payload}`;

describe('An envelope', () => {
  test.each([
    ['without length', '{}\n{"type":"event"}\n{"a":1}', ['{"a":1}']],
    ['without length, with a line feed at the end', '{}\n{"type":"event"}\n{"a":1}\n', ['{"a":1}']],
    ['with empty lines at the end', '{}\n{"type":"event"}\n{"a":1}\n\n\n', ['{"a":1}']],
    ['with length null', '{}\n{"type":"event","length":null}\n{}\n', ['{}']],
    ['with a length', `{}\n${measured('event', '{"a":\n1}')}\n`, ['{"a":\n1}']],
    ['with a length and nothing after', `{}\n${measured('event', '{}')}`, ['{}']],
    ['of bytes beyond ASCII', `{}\n${measured('event', '"ä😀"')}\n`, ['"ä😀"']],
    [
      'with empty lines between items',
      '{}\n{"type":"event"}\n{}\n\r\n \t\n\n{"type":"client_report"}\n{}',
      ['{}', '{}'],
    ],
    ['whose item header begins with a blank', '{}\n {"type":"event"}\n{}', ['{}']],
    ['with a carriage return, which belongs to the payload', '{}\n{"type":"event"}\n{}\r\n', ['{}\r']],
    ['with a length of 0', '{}\n{"type":"event","length":0}\n\n{"type":"client_report"}\n{}', ['', '{}']],
    ['whose last header has no payload', '{}\n{"type":"event"}', ['']],
    ['whose last header ends with a line feed', '{}\n{"type":"event"}\n', ['']],
    ['whose last header has a length of 0', '{}\n{"type":"event","length":0}', ['']],
    ['with a header only', '{"event_id":"x"}', []],
    ['with a header only and line feeds', '{}\n\n', []],
    [
      'whose attachment comes before the event and holds line feeds',
      `{}\n${measured('attachment', 'a\n{"type":"event"}\n{}')}\n${measured('event', '{"a":1}')}\n`,
      ['{"a":1}'],
    ],
    [
      'of two events, of which the first counts',
      '{}\n{"type":"event"}\n{"a":1}\n{"type":"event"}\n{"a":2}',
      ['{"a":1}'],
    ],
  ])('%s is the same however it comes in', (_form, envelope, expected) => {
    for (const pieceBytes of [1, 2, 3, 7, 1_000]) {
      expect(payloads(read(envelope, pieceBytes))).toEqual(expected);
    }
  });

  test('counts what it leaves out by type, and names of types are bounded', () => {
    const items = [
      'session',
      'attachment',
      'session',
      'x'.repeat(50),
      '',
      ...Array.from({ length: 40 }, (_, i) => `t${i}`),
    ];
    const { leftOut } = readItems(
      `{}\n${items.map((type) => `${JSON.stringify({ type })}\n{}\n`).join('')}{"a":1}\n{}\n`,
    );
    expect(leftOut.get('session')).toBe(2);
    expect(leftOut.get('x'.repeat(30))).toBe(1);
    expect(leftOut.get('without type')).toBe(2);
    expect(leftOut.size).toBeLessThanOrEqual(21);
    expect([...leftOut.values()].reduce((sum, n) => sum + n)).toBe(items.length + 1);
  });

  test('names of types are no members of objects', () => {
    expect(payloads(read('{}\n{"type":"constructor"}\n{}\n{"type":"__proto__"}\n{}'))).toEqual([]);
  });

  test.each([
    ['a UUID in capitals', { event_id: 'FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0' }, { eventId: ID }],
    ['a wrong id', { event_id: 'fc6d' }, { eventId: null }],
    ['an id of a wrong type', { event_id: [ID] }, { eventId: null }],
    ['a time', { sent_at: '2026-11-28T10:00:00.5Z' }, { sentAt: new Date('2026-11-28T10:00:00.500Z') }],
    ['no time', { sent_at: 'yesterday' }, { sentAt: null }],
    ['a client', { sdk: { name: 'sentry.php', version: '4.29.0' } }, { client: 'sentry.php/4.29.0' }],
    ['a client without version', { sdk: { name: 'x', version: 1 } }, { client: 'x' }],
    ['a client of a wrong type', { sdk: 'x', dsn: 7 }, { client: null, dsn: null }],
  ])('with %s in its header is read', (_what, header, expected) => {
    expect(read(JSON.stringify(header)).header).toMatchObject(expected);
  });

  test.each([
    ['nothing', '', 'The envelope is empty'],
    ['no JSON', 'hello', 'The header of the envelope is not valid JSON'],
    ['an empty line', '\n{}', 'The header of the envelope is empty'],
    ['a list', '[]\n', 'The header of the envelope must be a JSON object'],
    [
      'a broken header of an item',
      '{}\n{"type":\n{}',
      'The header of item 1 of the envelope is not valid JSON',
    ],
    ['a negative length', '{}\n{"type":"event","length":-1}\n{}', 'length of item 1'],
    ['half a byte', '{}\n{"type":"event","length":1.5}\n{}', 'length of item 1'],
    ['a length as text', '{}\n{"type":"event","length":"2"}\n{}', 'length of item 1'],
    ['a length of 2 ** 53', `{}\n{"type":"event","length":${2 ** 53}}\n{}`, 'length of item 1'],
    ['too long a length', '{}\n{"type":"event","length":9}\n{}', 'ends 7 bytes before item 1'],
    ['a length and nothing else', '{}\n{"type":"event","length":5}', 'ends 5 bytes before item 1'],
    ['too short a length', '{}\n{"type":"event","length":1}\n{}', 'Item 1 of the envelope is longer'],
  ])('of %s is refused with a sentence', (_what, envelope, sentence) => {
    for (const pieceBytes of [1, 1_000]) expect(() => read(envelope, pieceBytes)).toThrow(sentence);
  });

  test.each([
    ['a header line of 1 MiB', `{"a":"${'x'.repeat(MIB)}"}`],
    ['a header line of an item', `{}\n{"a":"${'x'.repeat(20_000)}"}\n`],
    ['an event of more than 1 MiB', `{}\n{"type":"event"}\n${'x'.repeat(MIB + 1)}`],
    ['an event that only says so', `{}\n{"type":"event","length":${MIB + 1}}\n${'x'.repeat(MIB + 1)}`],
    [
      'an attachment that says it is of 100 MiB and a byte',
      `{}\n{"type":"attachment","length":${100 * MIB + 1}}\n`,
    ],
    [
      'an attachment of more than 4 MiB without length',
      `{}\n{"type":"attachment"}\n${'x'.repeat(4 * MIB + 1)}`,
    ],
    [
      'reports of policies of more than 1 MiB together',
      `{}\n${`{"type":"raw_security"}\n${'x'.repeat(60_000)}\n`.repeat(18)}`,
    ],
    ['nothing but empty lines', `{}\n${'\n'.repeat(20_000)}`],
    ['more than 100 items', `{}\n${'{"type":"session"}\n{}\n'.repeat(101)}`],
  ])('with %s is too large, and holds nothing of it', (_what, envelope) => {
    const reader = new EnvelopeReader();
    expect(() => {
      for (let at = 0; at < envelope.length; at += 60_000)
        reader.push(Buffer.from(envelope.slice(at, at + 60_000)));
    }).toThrow(/must (be|have) at most/);
    expect(reader.heldBytes).toBeLessThanOrEqual(MIB);
  });

  test('passes an attachment of 15 MiB on and keeps its event', () => {
    const reader = new EnvelopeReader();
    const attachment = Buffer.alloc(64 * 1024);
    reader.push(Buffer.from(`{}\n{"type":"attachment","length":${240 * attachment.length}}\n`));
    for (let i = 0; i < 240; i++) {
      reader.push(attachment);
      expect(reader.heldBytes).toBe(0);
    }
    reader.push(Buffer.from('\n{"type":"event"}\n{"a":1}'));
    reader.end();
    expect(payloads(reader)).toEqual(['{"a":1}']);
  });

  test('passes on a line of 4 MiB', () => {
    const line = 'x'.repeat(4 * MIB);
    expect(payloads(read(`{}\n{"type":"attachment"}\n${line}\n{"type":"event"}\n{}`, 60_000))).toEqual([
      '{}',
    ]);
  });

  test('leaves out a report of the client that is too large', () => {
    const { all, leftOut } = readItems(`{}\n{"type":"client_report"}\n${'x'.repeat(200_000)}\n`, 50_000);
    expect({ all, leftOut }).toEqual({ all: [], leftOut: new Map([['client_report', 1]]) });
  });

  test('holds what it keeps, of which all beside the event is at most 1 MiB', () => {
    const reader = new EnvelopeReader();
    const held: number[] = [];
    reader.push(Buffer.from('{}\n'));
    for (const payload of [
      'x'.repeat(90_000),
      'ä€'.repeat(10_000),
      ...Array<string>(60).fill('x'.repeat(90_000)),
    ]) {
      reader.push(Buffer.from(`{"type":"client_report"}\n${payload}\n`));
      held.push(reader.heldBytes);
    }
    reader.push(Buffer.from(`{"type":"event"}\n${'x'.repeat(MIB)}\n`));
    expect(held.slice(0, 2)).toEqual([90_000, 130_000]);
    expect(held.at(-1)).toBeLessThanOrEqual(MIB);
    expect(reader.items.hasEvent).toBe(true);
    expect(reader.heldBytes).toBe(MIB + (held.at(-1) ?? 0));
    expect(reader.items.leftOut.get('client_report')).toBe(50);
  });

  test('that was refused still has the event that had come in whole', () => {
    const reader = new EnvelopeReader();
    expect(() =>
      reader.push(Buffer.from(`{}\n{"type":"event"}\n{}\n${'{"type":"x"}\n\n'.repeat(101)}`)),
    ).toThrow();
    expect(reader.items.hasEvent).toBe(true);
  });
});
