import { BODY_BYTES } from './reports.mjs';
import { runGenerator, startGenerator } from './generators.mjs';

let runs = 0;

/**
 * Sends reports over so many connections as fast as they are answered.
 * @param load.kind known, new or mixed
 * @param load.size a key of BODY_BYTES
 * @param load.seconds how long, or
 * @param load.amount how many reports
 */
export function runClosedLoop(server, load) {
  return runGenerator('closed-loop', toOptions(server, load));
}

/** The same until it is stopped; the result has the `fingerprints` that were acknowledged. */
export function startClosedLoop(server, load) {
  return startGenerator('closed-loop', { ...toOptions(server, load), keepsFingerprints: true });
}

/** Starts to send reports at fixed times; `stop` of what it returns waits for the answers. */
export function startPacedReports(server, load) {
  return startGenerator('paced', { ...toOptions(server, load), path: '/api/errors' });
}

/** Starts to ask for /health at fixed times: how long that takes tells how long the event loop was kept busy. */
export function startPacedHealth(server, perSecond) {
  return startGenerator('paced', { port: server.port, path: '/health', perSecond });
}

export function toOptions(server, { kind = 'mixed', size = 2, ...load }) {
  return {
    ...load,
    kind,
    port: server.port,
    bytes: BODY_BYTES[size],
    run: `r${String(++runs).padStart(5, '0')}`,
  };
}
