import { packChanges, unpackChanges } from '../../src/errors/packed-changes';
import type { ErrorChange } from '../../src/errors/error-change';

/** What PostgreSQL takes in one notification, with the id of the sender before it. */
const LONGEST_MESSAGE_BYTES = 7_900;

describe('changes on the way to other replicas', () => {
  it('arrive as they were', () => {
    const gathered = {
      changes: [
        { id: 7, project: 'shop', kind: 'created' as const },
        { id: 8, project: 'a "quoted" \n name', kind: 'deleted' as const },
      ],
      more: true,
    };
    expect(packChanges(gathered).map(unpackChanges)).toEqual([gathered]);
  });

  it('are spread over messages when they are long, each short enough, and only the last tells of more', () => {
    const changes = Array.from({ length: 200 }, (_, index): ErrorChange => {
      return { id: 10 ** 12 + index, project: '🦄'.repeat(50), kind: 'reported' };
    });
    const messages = packChanges({ changes, more: true });
    expect(messages.length).toBeGreaterThan(1);
    expect(Math.max(...messages.map((message) => Buffer.byteLength(message)))).toBeLessThan(
      LONGEST_MESSAGE_BYTES,
    );
    const arrived = messages.map(unpackChanges);
    expect(arrived.flatMap((gathered) => gathered.changes)).toEqual(changes);
    expect(arrived.map(({ more }) => more)).toEqual([...messages.slice(1).map(() => false), true]);
  });

  it('say that there is something when the message is that of another version', () => {
    expect(unpackChanges('{"something":"else"}')).toEqual({ changes: [], more: true });
    expect(unpackChanges('no JSON')).toEqual({ changes: [], more: true });
  });
});
