import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import { AppConfig } from '../config/app-config';
import { ApiKey } from './api-key';
import { makeRateLimitStore, RateLimitStore } from './rate-limit-store';
import { RateLimiter } from './rate-limiter';

@Module({
  providers: [
    Access,
    ApiKey,
    RateLimiter,
    { provide: RateLimitStore, useFactory: makeRateLimitStore, inject: [AppConfig] },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Access],
})
export class AuthModule {}
