import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { Ledger } from './ledger';
import { LedgerController } from './ledger.controller';
import { LedgerEntries } from './ledger-entries';

@Module({
  imports: [DatabaseModule],
  controllers: [LedgerController],
  providers: [Ledger, LedgerEntries],
  exports: [Ledger],
})
export class LedgerModule {}
