import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse, ApiResponseOptions } from '@nestjs/swagger';

/** Every answer that is no success. */
export class ErrorAnswer {
  @ApiProperty({ example: 'limit must be a whole number from 1 to 200', description: 'one clear sentence' })
  detail!: string;
}

/** What any route with a key can answer. */
const EVERYWHERE: Record<number, string> = {
  401: 'The X-API-Key header is missing',
  429: 'Too many requests: at most 100 a minute from one address; try again in 12 seconds',
  500: 'Something went wrong here; the log has more under request id 0d9f2c1e',
  503: 'The database cannot be used right now; try again in a few seconds',
};

const seconds = (description: string) => ({ description, schema: { type: 'integer' as const, example: 12 } });
const RETRY_AFTER = { 'Retry-After': seconds('seconds until another try makes sense') };

const HEADERS: Record<string, ApiResponseOptions['headers']> = {
  429: {
    ...RETRY_AFTER,
    'X-RateLimit-Limit': seconds('requests a minute, on every answer'),
    'X-RateLimit-Remaining': seconds('how many are left, on every answer'),
    'X-RateLimit-Reset': seconds('seconds until all are left again, on every answer'),
  },
  503: RETRY_AFTER,
};

/** Documents the refusals of a route, each with its sentence, beside those that every route has. */
export function ApiDocumentedErrors(details: Record<number, string>): MethodDecorator {
  const all = { ...EVERYWHERE, ...details };
  return applyDecorators(
    ...Object.entries(all).map(([status, detail]) =>
      ApiResponse({
        status: Number(status),
        type: ErrorAnswer,
        description: detail,
        example: { detail },
        headers: HEADERS[status],
      }),
    ),
  );
}
