import { Buffer } from 'node:buffer';

/** Stands for a number that differs from report to report: seven digits, so that the length stays the same. */
const MARK = '7777777';
const LOWEST_NUMBER = 1_000_000;

/** How many different errors the reports of known errors are spread over, evenly: folding gets no easy game. */
export const KNOWN_ERRORS = 200;
export const BODY_BYTES = { 0.6: 600, 2: 2_048, 11: 11_264, 55: 56_320 };
export const KINDS = ['known', 'new', 'mixed'];

/** Whatever the benchmarks send belongs to these projects, so that it can be told from what was in the file. */
export const PROJECTS = ['bench-checkout', 'bench-search', 'bench-web'];

/**
 * Makes the reports of one run of load.
 * @param kind known: errors that are there after the first KNOWN_ERRORS reports; new: an error each; mixed: in turn
 * @param run a name that no other run of load on the same file has
 * @returns a function that gives the body of the next report, at next to no cost
 */
export function makeReports(kind, bytes, run) {
  const makeTemplates = (name) => PROJECTS.map((project, i) => makeTemplate(bytes, name, project, i === 2));
  const templates = makeTemplates(run);
  const knownTemplates = makeTemplates('known');
  const known = Array.from({ length: KNOWN_ERRORS }, (_, i) => fill(knownTemplates[i % 3], i));
  let counted = 0;
  let created = 0;
  const nextKnown = () => known[counted++ % KNOWN_ERRORS];
  const nextNew = () => fill(templates[created % 3], created++);
  if (kind === 'known') return nextKnown;
  if (kind === 'new') return nextNew;
  return () => (created < counted ? nextNew() : nextKnown());
}

function fill({ text, places }, number) {
  const body = Buffer.from(text);
  const digits = String(LOWEST_NUMBER + number);
  for (const place of places) body.latin1Write(digits, place);
  return body;
}

/** The body with MARK in its place, and where it stands in it. All of it is ASCII: an index is an offset. */
function makeTemplate(bytes, run, project, isBrowser) {
  const text = JSON.stringify(makeReport(bytes, run, project, isBrowser));
  const places = [...text.matchAll(new RegExp(MARK, 'g'))].map((match) => match.index);
  return { text, places };
}

function makeReport(bytes, run, project, isBrowser) {
  const report = {
    project,
    exception_type: isBrowser ? 'TypeError' : 'ValueError',
    message: `order ${MARK} cannot be shipped: no carrier for this address`,
    traceback: '',
    request_url: `https://shop.example.com/orders/${MARK}`,
    request_method: isBrowser ? 'BROWSER' : 'POST',
  };
  const trace = isBrowser ? makeV8Trace(run, report) : makePythonTrace(run, report);
  report.traceback = trace(1);
  if (bytes > 1_000) {
    report.user_id = 'user-1207';
    report.request_headers = {
      host: 'shop.example.com',
      accept: '*/*',
      'user-agent': 'Mozilla/5.0 (X11; Linux)',
    };
    report.extra = { release: '2026.11.3', breadcrumbs: [] };
    // About half of a large report is its trace, the rest is what the client knew besides.
    const frameBytes = JSON.stringify(trace(3)).length - JSON.stringify(trace(2)).length;
    const room = (bytes - JSON.stringify(report).length) / 2;
    report.traceback = trace(1 + Math.floor(room / frameBytes));
    addBreadcrumbs(report, bytes);
  }
  const missing = bytes - JSON.stringify(report).length;
  if (missing > 0) report.message += ' '.padEnd(missing, 'because the parcel is too heavy, ');
  return report;
}

/** Files of several parts and lines of source between them, the place of the error last. */
function makePythonTrace(run, { exception_type, message }) {
  return (depth) => {
    const frames = Array.from(
      { length: depth - 1 },
      (_, i) =>
        `  File "/srv/shop/app/middleware/step_${i}.py", line ${20 + i}, in handle\n    return self.next(request)\n`,
    );
    const place = `  File "/srv/shop/releases/${run}/shipping.py", line ${MARK}, in choose_carrier\n    raise error\n`;
    return `Traceback (most recent call last):\n${frames.join('')}${place}${exception_type}: ${message}`;
  };
}

function makeV8Trace(run, { exception_type, message }) {
  return (depth) => {
    const frames = Array.from(
      { length: depth - 1 },
      (_, i) => `\n    at Queue.step${100 + i} (https://shop.example.com/assets/app-4f1c.js:${200 + i}:17)`,
    );
    const place = `\n    at ship (https://shop.example.com/assets/${run}/shipping.js:${MARK}:17)`;
    return `${exception_type}: ${message}${place}${frames.join('')}`;
  };
}

function addBreadcrumbs(report, bytes) {
  const crumb = (i) => ({
    at: `12:00:${i}`,
    category: 'http',
    message: `GET /api/cart/items/${i} answered 200`,
  });
  const crumbBytes = JSON.stringify(crumb(100)).length + 1;
  const room = bytes - JSON.stringify(report).length - crumbBytes;
  for (let i = 0; i < Math.floor(room / crumbBytes); i++) report.extra.breadcrumbs.push(crumb(100 + i));
}
