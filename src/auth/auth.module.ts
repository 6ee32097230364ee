import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import { AppConfig } from '../config/app-config';
import { ProjectsModule } from '../projects/projects.module';
import { ApiKey } from './api-key';
import { makeRateLimitStore } from './make-rate-limit-store';
import { RateLimitStore } from './rate-limit-store';
import { RateLimiter } from './rate-limiter';
import { ReportAccess } from './report-access';

@Module({
  imports: [ProjectsModule],
  providers: [
    Access,
    ApiKey,
    RateLimiter,
    ReportAccess,
    { provide: RateLimitStore, useFactory: makeRateLimitStore, inject: [AppConfig] },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ReportAccess],
})
export class AuthModule {}
