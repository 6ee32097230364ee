import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import { ApiKey } from './api-key';
import { RateLimiter } from './rate-limiter';

@Module({
  providers: [Access, ApiKey, RateLimiter, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [Access],
})
export class AuthModule {}
