import { randomUUID } from 'node:crypto';
import { markText } from './marked-text.mjs';
import { KNOWN_ERRORS } from './reports.mjs';

/** Stand for what differs from envelope to envelope, in texts that are as long. */
const ID_MARK = '7'.repeat(32);
const LINE_MARK = '6666666';
const LOWEST_LINE = 1_000_000;

/**
 * Makes the envelopes of one run of load, each with one event that has an id of its own.
 * @param kind known: errors that are there after the first KNOWN_ERRORS envelopes; new: an error each
 * @param run a name that no other run of load on the same file has
 * @returns a function that gives the next envelope, at next to no cost
 */
export function makeEnvelopes(kind, bytes, run, isGzip) {
  const isKnown = kind === 'known';
  const envelope = markText(writeEnvelope(bytes, isKnown ? 'known' : run), [ID_MARK, LINE_MARK], isGzip);
  let made = 0;
  return () => {
    const line = LOWEST_LINE + (isKnown ? made % KNOWN_ERRORS : made);
    made++;
    return envelope.fill({ [ID_MARK]: randomUUID().replaceAll('-', ''), [LINE_MARK]: String(line) });
  };
}

/** As @sentry/node writes it, exactly as many bytes as asked for. */
function writeEnvelope(bytes, run) {
  const event = makeEvent(run);
  const write = () => {
    const header = {
      event_id: ID_MARK,
      sent_at: new Date().toISOString(),
      sdk: { name: 'sentry.javascript.node', version: '11.12.0' },
      trace: {
        environment: 'production',
        release: 'shop@1.4.2',
        trace_id: 'a5409f99b5114c16acbfc31b6ea2fcf2',
      },
    };
    // The number is none until its mark is filled in.
    const payload = JSON.stringify(event).replace(`"${LINE_MARK}"`, LINE_MARK);
    return `${JSON.stringify(header)}\n{"type":"event"}\n${payload}`;
  };
  const [exception] = event.exception.values;
  const { frames } = exception.stacktrace;
  // About half of what is left are frames, the rest breadcrumbs.
  addWhile(
    () => write().length < bytes / 2 + 700,
    (i) => frames.unshift(makeFrame(`step_${i}`, 20 + i, i % 2 === 1)),
    frames,
  );
  addWhile(
    () => write().length < bytes,
    (i) => event.breadcrumbs.push(makeBreadcrumb(i)),
    event.breadcrumbs,
  );
  return write().replace(
    'carrier',
    'carrier'.padEnd(7 + bytes - write().length, ', for its parcel is too heavy'),
  );
}

/** Adds one more as long as there is room, and takes back the one that was too much. */
function addWhile(hasRoom, add, list) {
  for (let i = 0; hasRoom(); i++) {
    const before = [...list];
    add(i);
    if (!hasRoom()) list.splice(0, list.length, ...before);
    if (before.length === list.length) return;
  }
}

function makeEvent(run) {
  return {
    exception: {
      values: [
        {
          type: 'TypeError',
          value: 'order cannot be shipped: no carrier',
          stacktrace: { frames: [makeFrame('choose', LINE_MARK, true, run)] },
          mechanism: { type: 'auto.http.express', handled: false },
        },
      ],
    },
    event_id: ID_MARK,
    level: 'error',
    platform: 'node',
    contexts: {
      trace: { trace_id: 'a5409f99b5114c16acbfc31b6ea2fcf2', span_id: '9d14c7f87f1c3d3f' },
      runtime: { name: 'node', version: 'v20.20.2' },
      os: { name: 'Debian', version: '12.11' },
    },
    server_name: 'web-3',
    timestamp: Date.now() / 1_000,
    environment: 'production',
    release: 'shop@1.4.2',
    sdk: { name: 'sentry.javascript.node', version: '11.12.0' },
    user: { id: '1207', email: 'jo@example.com' },
    tags: { region: 'eu', tenant: 'acme' },
    breadcrumbs: [],
  };
}

function makeFrame(name, line, isOwn, run = 'app') {
  const frame = {
    filename: isOwn ? `/srv/${run}/${name}.js` : `/srv/app/node_modules/router/lib/${name}.js`,
    module: isOwn ? name : `router.lib:${name}`,
    function: `Layer.${name}`,
    lineno: line,
    colno: 13,
    in_app: isOwn,
  };
  if (!isOwn) return frame;
  return {
    ...frame,
    pre_context: ['  const parcel = await pack(order);', ''],
    context_line: '  const carrier = carriers.find((one) => one.takes(parcel)).name;',
    post_context: ['  return ship(parcel, carrier);', '}'],
  };
}

function makeBreadcrumb(i) {
  return {
    timestamp: Date.now() / 1_000,
    category: 'http',
    type: 'http',
    data: { status_code: 200, url: `https://stock.example.com/items/${100 + i}`, 'http.method': 'GET' },
  };
}
