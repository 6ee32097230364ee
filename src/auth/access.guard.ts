import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { PUBLIC } from '../common/public';
import { ACCEPTS_BEARER } from './accepts-bearer';
import { Access } from './access';

/** Admits requests to every route that is not marked `@Public()`. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly access: Access,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isMarked = (mark: string) =>
      this.reflector.getAllAndOverride<boolean>(mark, [context.getHandler(), context.getClass()]);
    if (isMarked(PUBLIC)) return true;
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    await this.access.admit(
      http.getRequest<Request>(),
      (headers) => response.set(headers),
      isMarked(ACCEPTS_BEARER),
    );
    return true;
  }
}
