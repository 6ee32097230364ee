import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import { DatabaseWriter } from '../database/database-writer';
import { makeIngestKey, MOST_KEYS, MOST_KEYS_OF_PROJECT, type StoredKey } from './ingest-key';
import { IngestKeys } from './ingest-keys';
import type { ProjectRead, ProjectReadResults, StoredProject } from './project-reads';
import type { ProjectWrite, ProjectWriteResults, SeededKey } from './project-writes';

/** What can be said of a key when it is made. */
export interface KeySettings {
  name: string;
  /** requests a minute; 0 is no limit */
  ratePerMinute: number;
}

/** Projects, their allowed origins and their ingest keys. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly reader: DatabaseReader,
    private readonly writer: DatabaseWriter,
    private readonly keys: IngestKeys,
  ) {}

  /** Names of all projects that have ever reported, sorted by code point. */
  listNames(): Promise<string[]> {
    return this.read({ kind: 'names' });
  }

  /** Projects by name, those that have not reported yet included, each with its keys in force. */
  list(page: { name?: string; limit: number; offset: number }): Promise<ProjectReadResults['list']> {
    return this.read({ kind: 'list', ...page });
  }

  /** @throws NotFoundException when there is no such project */
  async get(id: number): Promise<StoredProject> {
    const project = await this.read({ kind: 'one', id });
    if (!project) throw unknownProject(id);
    return project;
  }

  /** @throws ConflictException when there is one of that name */
  async create(name: string, allowedOrigins: readonly string[]): Promise<StoredProject> {
    const { id, created } = await this.createOrFind(name, allowedOrigins);
    if (!created) throw new ConflictException(`There is a project of this name already, with the id ${id}`);
    return this.get(id);
  }

  /** The project of a name, made if there is none. */
  createOrFind(
    name: string,
    allowedOrigins: readonly string[] = [],
  ): Promise<ProjectWriteResults['create-project']> {
    return this.write({ kind: 'create-project', name, allowedOrigins: JSON.stringify(allowedOrigins) });
  }

  /** @throws NotFoundException when there is no such project */
  async setAllowedOrigins(id: number, origins: readonly string[]): Promise<StoredProject> {
    const allowedOrigins = JSON.stringify(origins);
    if (!(await this.write({ kind: 'set-origins', id, allowedOrigins }))) throw unknownProject(id);
    await this.keys.changed();
    return this.get(id);
  }

  /**
   * Makes a key.
   * @throws NotFoundException when there is no such project, ConflictException when there are too many keys
   */
  async createKey(projectId: number, { name, ratePerMinute }: KeySettings): Promise<StoredKey> {
    const key = makeIngestKey();
    const made = await this.write({
      kind: 'create-key',
      projectId,
      key,
      name,
      ratePerMinute,
      now: new Date(),
    });
    if ('id' in made) {
      await this.keys.changed();
      return this.getKey(projectId, made.id);
    }
    if (made.refused === 'no-project') throw unknownProject(projectId);
    throw new ConflictException(
      made.refused === 'full'
        ? `There are ${MOST_KEYS} ingest keys already: revoke one first`
        : `The project has ${MOST_KEYS_OF_PROJECT} ingest keys already: revoke one first`,
    );
  }

  /**
   * Gives a key another name or limit.
   * @throws NotFoundException when the project has no such key
   */
  async changeKey(projectId: number, id: number, settings: Partial<KeySettings>): Promise<StoredKey> {
    const { name = null, ratePerMinute = null } = settings;
    if (!(await this.write({ kind: 'change-key', projectId, id, name, ratePerMinute })))
      throw unknownKey(projectId, id);
    await this.keys.changed();
    return this.getKey(projectId, id);
  }

  /**
   * From now on no report is taken with the key; it may have been revoked before.
   * @throws NotFoundException when the project has no such key
   */
  async revokeKey(projectId: number, id: number): Promise<void> {
    if (!(await this.write({ kind: 'revoke-key', projectId, id, now: new Date() })))
      throw unknownKey(projectId, id);
    await this.keys.changed();
  }

  /** The same for whoever has the key itself. */
  async revoke(key: string): Promise<ProjectWriteResults['revoke']> {
    const revoked = await this.write({ kind: 'revoke', key, now: new Date() });
    if (revoked) await this.keys.changed();
    return revoked;
  }

  /** Makes what is not there yet of some keys and their projects. */
  async seed(keys: readonly SeededKey[]): Promise<ProjectWriteResults['seed-keys']> {
    const seeded = await this.write({ kind: 'seed-keys', keys, now: new Date() });
    if (seeded.created > 0) await this.keys.changed();
    return seeded;
  }

  private async getKey(projectId: number, id: number): Promise<StoredKey> {
    const key = await this.read({ kind: 'key', projectId, id });
    if (!key) throw unknownKey(projectId, id);
    return key;
  }

  private async read<Kind extends ProjectRead['kind']>(
    request: Extract<ProjectRead, { kind: Kind }>,
  ): Promise<ProjectReadResults[Kind]> {
    return (await this.reader.ask('projects/project-reads', request)) as ProjectReadResults[Kind];
  }

  private async write<Kind extends ProjectWrite['kind']>(
    request: Extract<ProjectWrite, { kind: Kind }>,
  ): Promise<ProjectWriteResults[Kind]> {
    return (await this.writer.ask('projects/project-writes', request)) as ProjectWriteResults[Kind];
  }
}

function unknownProject(id: number): NotFoundException {
  return new NotFoundException(`There is no project ${id}`);
}

function unknownKey(projectId: number, id: number): NotFoundException {
  return new NotFoundException(`The project ${projectId} has no ingest key ${id}`);
}
