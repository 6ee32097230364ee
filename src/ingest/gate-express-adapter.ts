import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, RequestListener, Server } from 'node:http';
import type { IngestGate } from './ingest-gate';

/** Connections that wait to be accepted: ten thousand clients may come in the same second. The system may cap it. */
const BACKLOG = 4_096;
/** How often Node looks for clients that take too long: the limits hold to within this time. */
const CONNECTIONS_CHECK_MS = 2_000;

/** Nest's Express adapter, with the ingest gate in front of Express. */
export class GateExpressAdapter extends ExpressAdapter {
  private gate: IngestGate | null = null;

  /** The gate comes from Nest's container, which is ready only after the server has been made. */
  useGate(gate: IngestGate): void {
    this.gate = gate;
  }

  override initHttpServer(): void {
    const express = this.getInstance<RequestListener>();
    // Without a Host header Node itself would answer, with an empty body.
    const options = { connectionsCheckingInterval: CONNECTIONS_CHECK_MS, requireHostHeader: false };
    this.httpServer = createServer(options, (request, response) => {
      if (this.gate?.takes(request)) void this.gate.handle(request, response);
      else express(request, response);
    });
  }

  override listen(port: number, ...rest: unknown[]): Server {
    const [host, callback] = rest as [string, () => void];
    return this.httpServer.listen({ port, host, backlog: BACKLOG }, callback);
  }
}
