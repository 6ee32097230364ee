import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ErrorGroup } from './error-group.entity';

/** One stored report of an error; the newest five are kept. */
@Entity('error_occurrences')
export class Occurrence {
  @PrimaryColumn()
  id!: number;

  @ManyToOne(() => ErrorGroup, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'error_id' })
  error?: ErrorGroup;

  /** Place in the ring of the newest five (`count % 5`), or null outside it. */
  @Column('integer', { nullable: true })
  slot!: number | null;

  @Column('datetime')
  timestamp!: Date;

  /** Null when it is that of the error; the same goes for the traceback. */
  @Column('text', { nullable: true })
  message!: string | null;

  @Column('text', { nullable: true })
  traceback!: string | null;

  @Column('text', { name: 'request_url', nullable: true })
  requestUrl!: string | null;

  @Column('varchar', { name: 'request_method', length: 10, nullable: true })
  requestMethod!: string | null;

  /** JSON text. */
  @Column('text', { name: 'request_headers', nullable: true })
  requestHeaders!: string | null;

  @Column('varchar', { name: 'user_id', length: 200, nullable: true })
  userId!: string | null;

  /** JSON text. */
  @Column('text', { nullable: true })
  extra!: string | null;
}
