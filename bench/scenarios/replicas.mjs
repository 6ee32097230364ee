import { setTimeout as pause } from 'node:timers/promises';
import { formatCount, formatMs, formatRatio, formatSpread, formatTarget } from '../support/format.mjs';
import { Ledger } from '../support/ledger.mjs';
import { startClosedLoop } from '../support/load.mjs';
import { measureIngest } from '../support/measure-ingest.mjs';
import { findNginx } from '../support/nginx.mjs';
import { describePostgres, startPostgres } from '../support/postgres.mjs';
import { FAIL_TIMEOUT_S, startReplicas } from '../support/replicas.mjs';
import { KINDS } from '../support/reports.mjs';
import { checkEachOnce } from '../support/check-each-once.mjs';
import { median } from '../support/statistics.mjs';

const LOAD = { size: '2', connections: 64 };
/** Until nginx tries a replica again, and a little more. */
const UNTIL_TRIED_AGAIN_MS = FAIL_TIMEOUT_S * 1_000 + 1_500;

export const replicas = {
  summary: 'two replicas behind nginx against one, and one of two killed with kill -9 under load',
  run,
};

async function run(options) {
  if (findNginx() === null) {
    return {
      tables: [],
      notes: ['Skipped: there is no nginx (Debian: `apt-get install nginx`).'],
      cells: [],
    };
  }
  const postgres = await startPostgres();
  const group = await startReplicas(await postgres.createDatabase('replicas'));
  try {
    const loads = await measureThroughput(group, options);
    const kills = await killInTurn(group, options);
    return {
      tables: [toThroughputTable(loads), toKillTable(kills)],
      notes: [await describePostgres(postgres)],
      cells: { loads, kills },
    };
  } finally {
    await group.stop();
    await postgres.remove();
  }
}

async function measureThroughput(group, { rounds, seconds, warmUpReports, log }) {
  const ledger = await Ledger.open(group);
  const sides = { server: group.both, bare: group.first, ledger, bareLedger: ledger };
  const cells = [];
  for (const kind of KINDS) {
    log(`${kind}, two replicas and one`);
    const load = { ...LOAD, kind, seconds: seconds(3) };
    cells.push(await measureIngest(sides, load, { rounds, warmUpReports }));
  }
  return cells;
}

async function killInTurn(group, { rounds, seconds, log }) {
  const ledger = await Ledger.open(group);
  const kills = [];
  for (let round = 0; round < rounds; round++) {
    log(`kill ${round + 1} of ${rounds}`);
    kills.push(await killOnce(group, ledger, seconds(3) * 1_000));
  }
  return kills;
}

/** Every report is an error of its own: which of them are stored, and how often, can be told exactly. */
async function killOnce(group, ledger, calmMs) {
  const reports = await startClosedLoop(group.logged, { ...LOAD, kind: 'new' });
  const beganAt = Date.now();
  await pause(calmMs);
  const killedAt = Date.now();
  const { port } = group.second;
  await group.second.stop('SIGKILL');
  await pause(calmMs);
  const startedAt = Date.now();
  await group.startSecond();
  await pause(UNTIL_TRIED_AGAIN_MS);
  const result = await reports.stop();
  const brokenOff = result.statuses[502] ?? 0;
  // Of what was broken off, nobody was told what became of it.
  const unanswered = result.unanswered + brokenOff;
  const stored = await ledger.check({ ...result, unanswered });
  await checkEachOnce(group, result.fingerprints, new Date(beganAt));
  const requests = (await group.readRequests()).filter(({ at }) => at >= beganAt);
  const taken = requests.filter(({ status }) => status === 201);
  const again = taken.find(({ at, sentTo }) => at > startedAt && sentTo.at(-1) === port);
  return {
    gapMs: longestGap(taken, killedAt, startedAt),
    gapBeforeMs: longestGap(taken, beganAt, killedAt),
    brokenOff,
    storedUnanswered: stored - result.acknowledged,
    passedOn: taken.filter(({ at, sentTo }) => at >= killedAt && sentTo.length > 1).length,
    startedAgainMs: again ? again.at - startedAt : undefined,
    acknowledged: result.acknowledged,
    statuses: result.statuses,
  };
}

/** The longest time in which no report was taken, in milliseconds. */
function longestGap(taken, from, until) {
  const times = [from, ...taken.map(({ at }) => at).filter((at) => at >= from && at <= until), until];
  return Math.max(...times.slice(1).map((time, i) => time - times[i]));
}

function toThroughputTable(cells) {
  return {
    columns: ['reports', 'two replicas/s', 'one/s', 'ratio', 'of pairs', 'p99', 'p99 of one', 'refused'],
    rows: cells.map(({ kind, perSecond, p99, refused }) => [
      kind,
      formatCount(perSecond.ours),
      formatCount(perSecond.baseline),
      formatRatio(perSecond.ratio),
      formatSpread(perSecond),
      formatMs(p99.ours),
      formatMs(p99.baseline),
      formatCount(refused),
    ]),
  };
}

function toKillTable(kills) {
  const total = (key) => kills.reduce((sum, kill) => sum + kill[key], 0);
  const gap = median(kills.map(({ gapMs }) => gapMs));
  const gapBefore = median(kills.map(({ gapBeforeMs }) => gapBeforeMs));
  const again = kills.map(({ startedAgainMs }) => startedAgainMs ?? Infinity);
  return {
    columns: [`of ${kills.length} kills`, 'after kill -9', 'before', 'ratio', 'target'],
    rows: [
      [
        'longest time without a report taken',
        formatMs(gap),
        formatMs(gapBefore),
        formatRatio(gap / gapBefore),
        '',
      ],
      ['from its start until the killed one takes reports again', formatMs(median(again)), '', '', ''],
      ['acknowledged, all kills', formatCount(total('acknowledged')), '', '', ''],
      // Otherwise the scenario would have failed.
      ['of these lost, or counted twice', '0', '', '', formatTarget('0', true)],
      ['broken off (502)', formatCount(total('brokenOff')), '', '', ''],
      ['of these stored all the same', formatCount(total('storedUnanswered')), '', '', ''],
      ['refused by the killed one and taken by the other', formatCount(total('passedOn')), '', '', ''],
    ],
  };
}
