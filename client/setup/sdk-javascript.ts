import { quoted } from './quoting.js';

export function writeNode(dsn: string): string {
  return `// npm install @sentry/node
import * as Sentry from '@sentry/node';
${initAndSend(dsn, 'Node')}`;
}

export function writeExpress(): string {
  return `// Up to version 10 of the SDK, after all routes; later versions report what routes throw by themselves
import * as Sentry from '@sentry/node';

Sentry.setupExpressErrorHandler(app);
`;
}

export function writeNest(): string {
  return `// npm install @sentry/nestjs, and in instrument.mjs import that in place of @sentry/node
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { SentryGlobalFilter, SentryModule } from '@sentry/nestjs/setup';

@Module({
  imports: [SentryModule.forRoot()],
  providers: [{ provide: APP_FILTER, useClass: SentryGlobalFilter }],
})
export class AppModule {}
`;
}

export function writeBrowser(dsn: string): string {
  return `// npm install @sentry/browser
// With a framework: @sentry/react, @sentry/vue (takes \`app\` besides), @sentry/angular or @sentry/svelte
import * as Sentry from '@sentry/browser';
${initAndSend(dsn, 'the browser')}
// Ad blockers may stop what goes to another host. Then have your own server pass POST /errors on, to
// ${envelopeAddress(dsn)}
// and add to the above: tunnel: '/errors'
`;
}

function initAndSend(dsn: string, from: string): string {
  return `
Sentry.init({
  dsn: ${quoted(dsn)},
  environment: 'production',
  release: 'my-app@1.0.0',
});

// A first error; take it out when it has arrived
Sentry.captureException(new Error('Hello from ${from}'));
`;
}

/** Where an SDK with this DSN sends to. */
function envelopeAddress(dsn: string): string {
  const [, scheme = '', place = '', project = ''] = /^(\w+:\/\/)[^@]*@(.*)\/(.*)$/.exec(dsn) ?? [];
  return `${scheme}${place}/api/${project}/envelope/`;
}
