import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'public';

/** Marks a controller or route that needs no API key and is not counted by the rate limit. All others need both. */
export const Public = () => SetMetadata(PUBLIC, true);
