import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A name that reports carry; known from its first report on. */
@Entity('projects')
export class Project {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 100, unique: true })
  name!: string;
}
