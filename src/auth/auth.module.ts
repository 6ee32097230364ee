import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import { AppConfig } from '../config/app-config';
import { ProjectsModule } from '../projects/projects.module';
import { ApiKey } from './api-key';
import { EventAccess } from './event-access';
import { makeRateLimitStore } from './make-rate-limit-store';
import { RateLimitStore } from './rate-limit-store';
import { RateLimiter } from './rate-limiter';
import { ReportAccess } from './report-access';

@Module({
  imports: [ProjectsModule],
  providers: [
    Access,
    ApiKey,
    EventAccess,
    RateLimiter,
    ReportAccess,
    { provide: RateLimitStore, useFactory: makeRateLimitStore, inject: [AppConfig] },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [EventAccess, ReportAccess],
})
export class AuthModule {}
