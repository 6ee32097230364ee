import { DynamicModule, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { AlertsModule } from './alerts/alerts.module';
import { AuthModule } from './auth/auth.module';
import { AppConfig } from './config/app-config';
import { ConfigModule } from './config/config.module';
import { DashboardModule } from './dashboard/dashboard.module';
import { ErrorsModule } from './errors/errors.module';
import { FeedbackModule } from './feedback/feedback.module';
import { HealthModule } from './health/health.module';
import { IngestModule } from './ingest/ingest.module';
import { ProjectsApiModule } from './projects/projects-api.module';
import { RetentionModule } from './retention/retention.module';
import { StatusModule } from './status/status.module';

@Module({})
export class AppModule {
  static of(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        ScheduleModule.forRoot(),
        EventEmitterModule.forRoot(),
        AuthModule,
        IngestModule,
        // Routes come in this order: /api/projects/overview is no id of a project.
        ErrorsModule,
        FeedbackModule,
        ProjectsApiModule,
        AlertsModule,
        RetentionModule,
        HealthModule,
        StatusModule,
        DashboardModule,
        ...(config.metrics ? [loadMetrics()] : []),
      ],
    };
  }
}

/** The library for metrics takes memory that servers without them never need. */
async function loadMetrics(): Promise<DynamicModule> {
  const { MetricsModule } = await import('./metrics/metrics.module');
  return { module: MetricsModule };
}
