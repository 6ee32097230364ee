import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Ledger, type Outcome } from './ledger';
import { reportOf, sendReport } from './send-report';

/** After a refusal or a lost connection, so that a client does not spin. */
const PAUSE_MS = 20;

export interface Load {
  ledger: Ledger;
  /** Resolves when this many more reports have been acknowledged. */
  acknowledged(more: number): Promise<void>;
  /** Lets every client finish the report it has sent. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  clients?: number;
  /** the error that the next report is of; without it, half of them are new and half of the last forty */
  nextName?: () => string;
  /** replaces or adds keys of each report */
  changes?: () => Record<string, unknown>;
  onOutcome?: (name: string, outcome: Outcome) => void;
}

/**
 * Clients that send one report after the other, each on a connection of its own, until they are stopped.
 * @param port of the server, or ports of several, among which the clients are divided
 */
export function startLoad(port: number | readonly number[], options: LoadOptions = {}): Load {
  const { clients = 16, nextName = newAndKnownNames(), changes = () => ({}), onOutcome } = options;
  const ports = [port].flat();
  const ledger = new Ledger();
  const agent = new Agent({ keepAlive: true });
  let stopped = false;

  async function client(index: number): Promise<void> {
    while (!stopped) {
      const name = nextName();
      const outcome = await sendReport(ports[index % ports.length]!, reportOf(name, changes()), { agent });
      // What never reached the server cannot be stored.
      if (outcome.kind !== 'unanswered' || outcome.reason !== 'ECONNREFUSED') ledger.note(name, outcome);
      onOutcome?.(name, outcome);
      // A test that fails before it stops the load must not keep the process alive.
      if (outcome.kind !== 'acknowledged') await delay(PAUSE_MS, undefined, { ref: false });
    }
  }

  const running = Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return {
    ledger,
    acknowledged: async (more) => {
      const wanted = ledger.acknowledged + more;
      while (ledger.acknowledged < wanted && !stopped) await delay(5, undefined, { ref: false });
    },
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
    },
  };
}

let lastNumber = 0;

/** Names as they come in life: new ones, and the newest ones again and again. */
export function newAndKnownNames(): () => string {
  const first = lastNumber + 1;
  return () => {
    const known = lastNumber - Math.floor(Math.random() * 40);
    if (known >= first && Math.random() < 0.5) return `error-${known}`;
    return `error-${++lastNumber}`;
  };
}
