import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { formatCount, formatMs, formatRatio, formatSpread, formatTarget } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { readStored } from '../support/read-stored.mjs';
import { startServer } from '../support/servers.mjs';
import { compare } from '../support/statistics.mjs';

/** A bad deploy: so many new errors as fast as they are taken. */
const NEW_ERRORS = 10_000;
const RECIPIENTS = ['dev@example.com', 'ops@example.com', 'lead@example.com'];
const TARGET = 0.9;
const LOAD = { kind: 'new', size: '2', connections: 64 };

export const alerts = {
  summary: 'what alerts to three recipients take from 10,000 new errors, and how many mails come',
  run,
};

async function run({ quick, rounds, log }) {
  const mailServer = await startMailSink();
  const env = {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mailServer.port),
    ALERT_EMAILS: RECIPIENTS.join(','),
  };
  const [telling, silent] = [await startServer({ env }), await startServer()];
  const ledgers = new Map();
  for (const server of [telling, silent]) ledgers.set(server, await Ledger.open(server));
  const measure = async (server) => {
    const result = await runClosedLoop(server, { ...LOAD, amount: quick ? 1_000 : NEW_ERRORS });
    await ledgers.get(server).check(result);
    return result;
  };
  try {
    log(`${rounds} deploys of ${NEW_ERRORS} new errors`);
    const { ours, baseline } = await interleave(
      rounds,
      () => measure(telling),
      () => measure(silent),
    );
    const [{ decided }] = await readStored(telling, 'SELECT count(*) AS decided FROM deliveries');
    return toResult(ours, baseline, { decided, mails: mailServer.count() });
  } finally {
    await telling.stop();
    await silent.stop();
    await mailServer.close();
  }
}

/** Takes every mail and keeps none. */
async function startMailSink() {
  let mails = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      stream.on('end', () => {
        mails += 1;
        done();
      });
      stream.resume();
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: server.server.address().port,
    count: () => mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function toResult(ours, baseline, { decided, mails }) {
  const of = (key) =>
    compare(
      ours.map((result) => result[key]),
      baseline.map((result) => result[key]),
    );
  const perSecond = of('perSecond');
  const p99 = of('p99');
  const table = {
    columns: ['of new errors', 'with alerts', 'without', 'ratio', 'of pairs', 'target'],
    rows: [
      [
        'stored/s',
        formatCount(perSecond.ours),
        formatCount(perSecond.baseline),
        formatRatio(perSecond.ratio),
        formatSpread(perSecond),
        formatTarget(`≥ ${formatRatio(TARGET)}`, perSecond.ratio >= TARGET),
      ],
      ['p99', formatMs(p99.ours), formatMs(p99.baseline), formatRatio(p99.ratio), formatSpread(p99), ''],
      [`mails to ${RECIPIENTS.length} recipients, all deploys`, formatCount(mails), '', '', '', ''],
      ['deliveries decided by the end', formatCount(decided), '', '', '', ''],
    ],
  };
  return { tables: [table], cells: { perSecond, p99, decided, mails, segments: { ours, baseline } } };
}
