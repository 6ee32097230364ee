import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, RequestListener, Server } from 'node:http';
import type { ReportGate } from './report-gate';

/** Connections that wait to be accepted: ten thousand clients may come in the same second. The system may cap it. */
const BACKLOG = 4_096;
/** How often Node looks for clients that take too long: the limits hold to within this time. */
const CONNECTIONS_CHECK_MS = 2_000;

/** Nest's Express adapter, with the gates of reports in front of Express. */
export class GateExpressAdapter extends ExpressAdapter {
  private gates: readonly ReportGate[] = [];

  /** They come from Nest's container, which is ready only after the server has been made. */
  useGates(gates: readonly ReportGate[]): void {
    this.gates = gates;
  }

  override initHttpServer(): void {
    const express = this.getInstance<RequestListener>();
    // Without a Host header Node itself would answer, with an empty body.
    const options = { connectionsCheckingInterval: CONNECTIONS_CHECK_MS, requireHostHeader: false };
    this.httpServer = createServer(options, (request, response) => {
      const gate = this.gates.find((one) => one.takes(request));
      if (gate) void gate.handle(request, response);
      else express(request, response);
    });
  }

  override listen(port: number, ...rest: unknown[]): Server {
    const [host, callback] = rest as [string, () => void];
    return this.httpServer.listen({ port, host, backlog: BACKLOG }, callback);
  }
}
