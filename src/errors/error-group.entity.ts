import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Source } from './report';

/** An error: all reports that share a fingerprint. It keeps the message and traceback of the first. */
@Entity('errors')
export class ErrorGroup {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 32, unique: true })
  fingerprint!: string;

  @Column('varchar', { length: 100 })
  project!: string;

  @Column('varchar', { name: 'exception_type', length: 200 })
  exceptionType!: string;

  @Column('text')
  message!: string;

  @Column('text')
  traceback!: string;

  @Column('integer')
  count!: number;

  @Column('datetime', { name: 'first_seen' })
  firstSeen!: Date;

  @Column('datetime', { name: 'last_seen' })
  lastSeen!: Date;

  @Column('boolean')
  resolved!: boolean;

  @Column('datetime', { name: 'resolved_at', nullable: true })
  resolvedAt!: Date | null;

  @Column('varchar', { length: 10 })
  source!: Source;
}
