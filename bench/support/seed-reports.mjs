import { makeStoredReport } from './stored-report.mjs';

const DAY_MS = 86_400_000;
const DAYS = 90;
const SHARE_RESOLVED = 0.3;
const SHARE_BROWSER = 0.25;
const SHARE_REPEATED = 0.2;

/** Of twenty projects, each has about two thirds of what the one before it has. */
export const SEED_PROJECTS = Array.from(
  { length: 20 },
  (_, i) => `service-${String(i + 1).padStart(2, '0')}`,
);
const PROJECT_DECAY = 0.66;

/** In about 8 % of the messages, in about one in 20,000, and in none. */
export const SEARCHED = { common: 'timeout', rare: 'xylophone', none: 'quetzalcoatlus', short: 'ip' };
const RARE_EVERY = 20_000;

const TYPES = ['ValueError', 'KeyError', 'TypeError', 'TimeoutError', 'django.db.utils.OperationalError'];
const BROWSER_TYPES = ['TypeError', 'ReferenceError', 'ChunkLoadError', 'SyntaxError'];
const SUBJECTS = [
  'connection',
  'payment',
  'cart',
  'session',
  'invoice',
  'image',
  'address',
  'cursor',
  'token',
  'shipment',
];
const PROBLEMS = [
  'ran into a timeout',
  'was refused',
  'is missing',
  'has no such key',
  'could not be parsed',
  'is not iterable',
  'was already closed',
  'does not match the schema',
  'is undefined',
  'exceeds the quota',
  'was rolled back',
  'is out of range',
];

/**
 * The same errors every time, spread over 90 days in random order: each with its reports, oldest first, and whether
 * it is resolved.
 */
export function* makeSeedReports(errors, { newest, isResolved: areAllResolved }) {
  const random = makeRandom(42);
  for (let i = 0; i < errors; i++) {
    const lastSeen = newest.getTime() - Math.floor(random() * DAYS * DAY_MS);
    const occurrences = random() < SHARE_REPEATED ? 2 + Math.floor(random() * 4) : 1;
    const fields = makeFields(i, random);
    const reports = Array.from({ length: occurrences }, (_, at) =>
      makeStoredReport(`seed ${i}`, {
        ...fields,
        receivedAt: new Date(lastSeen - (occurrences - 1 - at) * 60_000),
      }),
    );
    yield { reports, isResolved: areAllResolved || random() < SHARE_RESOLVED };
  }
}

function makeFields(i, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const isBrowser = random() < SHARE_BROWSER;
  const exceptionType = pick(isBrowser ? BROWSER_TYPES : TYPES);
  const rare = i % RARE_EVERY === RARE_EVERY / 2 ? ` (${SEARCHED.rare})` : '';
  const message = `${pick(SUBJECTS)} ${Math.floor(random() * 1e6)} ${pick(PROBLEMS)} in step ${i % 97}${rare}`;
  return {
    project: SEED_PROJECTS[pickProject(random)],
    exceptionType,
    message,
    traceback: `Traceback (most recent call last):\n  File "/srv/app/module_${i % 5_000}.py", line ${i}, in run\n${exceptionType}: ${message}`,
    source: isBrowser ? 'browser' : 'server',
    requestMethod: isBrowser ? 'BROWSER' : 'POST',
  };
}

function pickProject(random) {
  const place = Math.floor(
    Math.log(1 - random() * (1 - PROJECT_DECAY ** SEED_PROJECTS.length)) / Math.log(PROJECT_DECAY),
  );
  return Math.min(place, SEED_PROJECTS.length - 1);
}

/** A generator with a seed (mulberry32), since the rows must be the same in every run. */
function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
