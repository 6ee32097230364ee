import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { join } from 'node:path';
import { Public } from '../common/public';
import { clientFolder } from './client-folder';

/** The page itself; its scripts and styles are served from `/assets`. It is asked for anew each time. */
@ApiExcludeController()
@Public()
@Controller()
export class DashboardController {
  /** The page reads from its address what it shows; `/errors/17` is where alerts lead. */
  @Get(['', 'errors/:id', 'projects', 'setup'])
  page(@Res() response: Response): void {
    response.sendFile(join(clientFolder(), 'index.html'));
  }
}
