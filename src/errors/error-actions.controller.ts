import { applyDecorators, Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { BodyReader } from '../common/body-reader';
import { ErrorActions } from './error-actions';
import { BulkAnswer, BulkBody, DeletedAnswer, ReopenedAnswer, ResolvedAnswer } from './error-actions.answers';
import { ErrorIdPipe } from './error-id.pipe';
import { parseBulkAction } from './parse-bulk-action';

const MAX_BULK_BYTES = 64 * 1024;

/** What a route is documented with that does something to one error. */
const ApiOneError = () =>
  applyDecorators(
    ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1, example: 17 } }),
    ApiDocumentedErrors({ 400: 'id must be a whole number', 404: 'There is no error 17' }),
  );

@ApiTags('errors')
@Controller('api/errors')
export class ErrorActionsController {
  constructor(
    private readonly actions: ErrorActions,
    private readonly bodies: BodyReader,
  ) {}

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Mark an error as resolved',
    description: 'Idempotent. The next report of the error opens it again.',
  })
  @ApiOkResponse({ type: ResolvedAnswer })
  @ApiOneError()
  async resolve(@Param('id', ErrorIdPipe) id: number): Promise<ResolvedAnswer> {
    await this.actions.apply('resolve', id);
    return { status: 'resolved' };
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Open a resolved error again',
    description: 'Idempotent. Nobody is alerted: alerts tell of what is reported.',
  })
  @ApiOkResponse({ type: ReopenedAnswer })
  @ApiOneError()
  async reopen(@Param('id', ErrorIdPipe) id: number): Promise<ReopenedAnswer> {
    await this.actions.apply('reopen', id);
    return { status: 'open' };
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Delete an error with its occurrences and deliveries',
    description: 'Cannot be undone. The next report of it makes a new error, with another id.',
  })
  @ApiOkResponse({ type: DeletedAnswer })
  @ApiOneError()
  async delete(@Param('id', ErrorIdPipe) id: number): Promise<DeletedAnswer> {
    await this.actions.apply('delete', id);
    return { status: 'deleted' };
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Resolve, reopen or delete many errors at once',
    description:
      'Resolving and reopening change all or none. Deleting goes in parts: after a 503 some may be gone, and the same ' +
      'request again deletes the rest.',
  })
  @ApiBody({ type: BulkBody })
  @ApiOkResponse({ type: BulkAnswer, description: 'each id once, in one of the three lists' })
  @ApiDocumentedErrors({
    400: 'ids must be a list of 1 to 500 whole numbers',
    413: 'The body must be at most 65536 bytes (64 KiB)',
    415: 'The Content-Type must be application/json',
  })
  async bulk(@Req() request: Request): Promise<BulkAnswer> {
    const { action, ids } = parseBulkAction(await this.bodies.readJsonText(request, MAX_BULK_BYTES));
    const { changed, unchanged, unknown } = await this.actions.applyToAll(action, ids);
    return { action, changed: changed.map(({ id }) => id), unchanged, unknown };
  }
}
