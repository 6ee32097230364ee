import { inSingleQuotes, quoted } from './quoting.js';

export function writePython(dsn: string): string {
  return `# pip install sentry-sdk
import sentry_sdk

sentry_sdk.init(
    dsn=${quoted(dsn)},
    environment="production",
    release="my-app@1.0.0",
)

# A first error; take it out when it has arrived
sentry_sdk.capture_exception(RuntimeError("Hello from Python"))
`;
}

export function writeRuby(dsn: string): string {
  return `# gem install sentry-ruby; in Rails bundle add sentry-ruby sentry-rails
require 'sentry-ruby'

Sentry.init do |config|
  config.dsn = ${inSingleQuotes(dsn)}
  config.environment = 'production'
  config.release = 'my-app@1.0.0'
end

# A first error; take it out when it has arrived
Sentry.capture_exception(RuntimeError.new('Hello from Ruby'))
`;
}

export function writePhp(dsn: string): string {
  return `<?php
// composer require sentry/sentry
require __DIR__ . '/vendor/autoload.php';

\\Sentry\\init([
    'dsn' => ${inSingleQuotes(dsn)},
    'environment' => 'production',
    'release' => 'my-app@1.0.0',
]);

// A first error; take it out when it has arrived
\\Sentry\\captureException(new \\RuntimeException('Hello from PHP'));
`;
}

export function writeLaravel(dsn: string): string {
  return `# composer require sentry/sentry-laravel
# In bootstrap/app.php, within withExceptions:
#     \\Sentry\\Laravel\\Integration::handles($exceptions);
# A first error: php artisan sentry:test
SENTRY_LARAVEL_DSN=${inSingleQuotes(dsn)}
SENTRY_ENVIRONMENT=production
SENTRY_RELEASE=my-app@1.0.0
`;
}
