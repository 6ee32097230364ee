import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { UnusableDatabaseError } from '../unusable-database-error';
import { connectTo, type LinkSettings } from './connect-to-host';
import type { PostgresAddress } from './postgres-address';
import { codeOf } from './postgres-failure';

/** A database that is started together with the server takes a moment. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 500;

/** Answers that no waiting changes: wrong password, no such role, no such database, not allowed. */
const HOPELESS = /^(28...|3D000|42501|0A000)$/;

/**
 * Connects to the host that takes writes, and waits a while until there is one.
 * @returns the connection, which whoever asks for it ends, and the address it goes to
 * @throws UnusableDatabaseError saying why there is none
 */
export async function connectToPrimary(
  address: PostgresAddress,
  settings: LinkSettings,
): Promise<{ client: Client; connectedTo: string }> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt++) {
    const next = address.urls[attempt % address.urls.length] as string;
    try {
      return { client: await connectTo(next, settings), connectedTo: next };
    } catch (error) {
      const { message } = error as Error;
      if (HOPELESS.test(codeOf(error)) || performance.now() > deadline) {
        throw new UnusableDatabaseError(`PostgreSQL at ${address.shown} cannot be used: ${message}`);
      }
      if (attempt === 0)
        new Logger('Database').warn(`Waiting for PostgreSQL at ${address.shown}: ${message}`);
      await pause(AGAIN_MS);
    }
  }
}
