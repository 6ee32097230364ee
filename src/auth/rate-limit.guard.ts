import { CanActivate, ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { PUBLIC } from '../common/public';
import { RateLimiter } from './rate-limiter';

/** Runs before the key is looked at, so that guessing keys is limited too. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const http = context.switchToHttp();
    const state = await this.limiter.count(http.getRequest<Request>());
    if (!state) return true;
    http.getResponse<Response>().set(state.headers);
    if (state.exceeded) throw new HttpException(this.limiter.describe(state), 429);
    return true;
  }
}
