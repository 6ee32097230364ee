import { SetMetadata } from '@nestjs/common';

export const ACCEPTS_BEARER = 'accepts-bearer';

/**
 * Marks a route that also takes the API key as `Authorization: Bearer …`, for programs that cannot send a header of
 * another name.
 */
export const AcceptsBearer = () => SetMetadata(ACCEPTS_BEARER, true);
