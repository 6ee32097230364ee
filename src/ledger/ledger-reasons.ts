import type { RefusalReason } from '../common/refused-exception';

export const LEDGER_OUTCOMES = ['refused', 'truncated', 'duplicate', 'ignored', 'lost'] as const;
export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number];

/** What can befall a report, or what came with one. Codes are stored: none is renamed. */
export type LedgerReason =
  RefusalReason | 'cut' | 'event-id' | 'item-type' | 'second-event' | 'no-items' | 'client-report';

/** What people are told about a reason: in one sentence what happened, and in one what helps. */
interface Explained {
  readonly outcome: LedgerOutcome;
  readonly explanation: string;
  readonly remedy: string;
}

export const LEDGER_REASONS: Readonly<Record<LedgerReason, Explained>> = {
  'no-key': {
    outcome: 'refused',
    explanation: 'It came without a key.',
    remedy: 'Give the client an ingest key of its project; the set-up page has keys and examples.',
  },
  'unknown-key': {
    outcome: 'refused',
    explanation: 'Its key is unknown here, or was revoked.',
    remedy: 'Compare the key that the client sends with those of its project on the set-up page.',
  },
  'wrong-api-key': {
    outcome: 'refused',
    explanation: 'The key in its X-API-Key header is not the API key.',
    remedy: 'Compare it with the setting API_KEY; an ingest key belongs into the X-Ingest-Key header.',
  },
  'misplaced-key': {
    outcome: 'refused',
    explanation: 'It came with an ingest key in the X-API-Key header, where API_KEY belongs.',
    remedy: 'Have the client send the ingest key in the X-Ingest-Key header.',
  },
  'other-project': {
    outcome: 'refused',
    explanation: 'Its key is of another project than the one that it names.',
    remedy:
      'Use a key of the project that is meant, or correct in the client the id or the name that is given here.',
  },
  'unknown-project': {
    outcome: 'refused',
    explanation: 'There is no project with the id in its address, and its key is unknown or was revoked.',
    remedy: 'Copy the address from the set-up page anew, with a key of the project: its last part is the id.',
  },
  origin: {
    outcome: 'refused',
    explanation: 'It came from a page of an origin that is not allowed.',
    remedy: 'Add the origin on the set-up page to the project: scheme, host and port, without a path.',
  },
  'address-limit': {
    outcome: 'refused',
    explanation: 'Too many requests came from one address within a minute.',
    remedy: 'Raise RATE_LIMIT_PER_MINUTE; behind a proxy set TRUST_PROXY, or all clients count as one.',
  },
  'key-limit': {
    outcome: 'refused',
    explanation: 'All who use this key together sent more than its limit.',
    remedy: 'Give the key a higher limit, or find out which client sends so much.',
  },
  'too-large': {
    outcome: 'refused',
    explanation: 'It was larger than what is taken.',
    remedy:
      'Have the client send less with each report: shorter texts, less context. An event may have at most 1 MiB, a ' +
      'report to POST /api/errors at most 256 KiB.',
  },
  malformed: {
    outcome: 'refused',
    explanation: 'It could not be understood.',
    remedy: 'Correct in the client what is named here, or use a newer version of it.',
  },
  compression: {
    outcome: 'refused',
    explanation: 'Its body could not be decompressed.',
    remedy: 'Look for a proxy that changes or cuts bodies, or switch off compression in the client.',
  },
  encoding: {
    outcome: 'refused',
    explanation: 'Its Content-Encoding is not supported.',
    remedy: 'Have the client compress with gzip, or not at all.',
  },
  unavailable: {
    outcome: 'refused',
    explanation: 'It could not be stored at that moment, and the client was told so.',
    remedy: 'Look at /health/ready and at the log: the database is away, its disk full, or too much arrives.',
  },
  cut: {
    outcome: 'truncated',
    explanation: 'It was stored without the parts that made it too large.',
    remedy: 'If they are missed, have the client send less of them.',
  },
  'event-id': {
    outcome: 'duplicate',
    explanation: 'It came again under the same id, and was counted once.',
    remedy: 'Nothing is to be done if it is rare: clients send again what was not answered in time.',
  },
  'item-type': {
    outcome: 'ignored',
    explanation: 'Items of this type are not kept here.',
    remedy: 'Nothing is wrong; switched off in the client, they would save traffic.',
  },
  'second-event': {
    outcome: 'ignored',
    explanation: 'It came together with another event, and only the first is stored.',
    remedy: 'Have the client send each event by itself.',
  },
  'no-items': {
    outcome: 'ignored',
    explanation: 'The envelope holds nothing behind its header, so that nothing was stored.',
    remedy:
      'Each item of an envelope has a line of its own before it, such as {"type":"event"}. An event without an envelope belongs to /api/{project id}/store/.',
  },
  'client-report': {
    outcome: 'lost',
    explanation: 'The client says that it dropped this before sending it.',
    remedy:
      'Its own reason is named here: a limit, a full queue, a filter or sampling in its settings; send_error follows ' +
      'from a refusal that is named beside it.',
  },
};

/** While versions are exchanged, replicas share what newer ones note. */
const OF_A_NEWER_VERSION: Explained = {
  outcome: 'ignored',
  explanation: 'A newer version of the server noted this, which this one does not know.',
  remedy: 'Ask a server of the newer version.',
};

/** @param reason as it is stored */
export function explainReason(reason: string): Explained {
  return (LEDGER_REASONS as Readonly<Record<string, Explained>>)[reason] ?? OF_A_NEWER_VERSION;
}
