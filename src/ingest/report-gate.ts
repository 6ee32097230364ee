import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers the reports of a protocol before Express and Nest see them, which would take five times as long for each. */
export interface ReportGate {
  /** Whether the request is one of the protocol; what no gate takes goes on to Express. */
  takes(request: IncomingMessage): boolean;

  /** Answers the request, whatever happens. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
