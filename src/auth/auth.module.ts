import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { ApiKey } from './api-key';
import { ApiKeyGuard } from './api-key.guard';
import { RateLimitGuard } from './rate-limit.guard';
import { RateLimiter } from './rate-limiter';

/** Guards every route of every controller, in this order: first the rate limit, then the key. */
@Module({
  providers: [
    ApiKey,
    RateLimiter,
    ThrottlerStorageService,
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: ApiKeyGuard },
  ],
  exports: [ApiKey, RateLimiter],
})
export class AuthModule {}
