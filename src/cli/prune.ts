import { DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { existsSync } from 'node:fs';
import { LineLogger } from '../common/line-logger';
import { AppConfig } from '../config/app-config';
import { ConfigModule } from '../config/config.module';
import { loadConfig } from '../config/load-config';
import { UnusableDatabaseError } from '../database/unusable-database-error';
import { RetentionModule } from '../retention/retention.module';
import { RetentionService } from '../retention/retention.service';
import { withoutApiKey } from './without-api-key';

/** Only what retention needs: no HTTP server and no schedule. */
@Module({})
class PruneModule {
  static of(config: AppConfig): DynamicModule {
    return {
      module: PruneModule,
      imports: [ConfigModule.of(config), EventEmitterModule.forRoot(), RetentionModule],
    };
  }
}

/**
 * Runs retention once, beside a running server or alone.
 * @returns exit code 0
 * @throws UnusableDatabaseError when there is no usable database
 */
export async function prune(env: NodeJS.ProcessEnv, dryRun: boolean): Promise<number> {
  const config = loadConfig(withoutApiKey(env));
  if (config.databaseUrl === undefined && !existsSync(config.databasePath))
    throw new UnusableDatabaseError(`there is no file ${config.databasePath}`);
  const context = await NestFactory.createApplicationContext(PruneModule.of(config), {
    logger: new LineLogger('warn'),
    abortOnError: false,
  });
  try {
    const retention = context.get(RetentionService);
    const age = `resolved and last seen more than ${config.retentionDays} days ago`;
    if (dryRun) {
      process.stdout.write(`Would delete ${await retention.countExpired()} errors ${age}\n`);
    } else {
      const { deleted, freedBytes } = await retention.prune();
      process.stdout.write(`Deleted ${deleted} errors ${age}; gave back ${freedBytes} bytes\n`);
    }
    return 0;
  } finally {
    await context.close();
  }
}
