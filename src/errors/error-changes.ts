import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Replicas } from '../database/replicas';
import { ChangeGatherer } from './change-gatherer';
import type { ErrorChangeKind, GatheredChanges } from './error-change';
import { packChanges, unpackChanges } from './packed-changes';

const TOPIC = 'errors';
/** Clients are told at most once in this time. */
const TELL_CLIENTS_EVERY_MS = 1_000;
/** Other replicas are told sooner: their clients wait for both. */
const TELL_REPLICAS_EVERY_MS = 250;

/** Tells what happens to errors, here and in other replicas, while there is somebody to tell it to. */
@Injectable()
export class ErrorChanges implements OnModuleInit, OnApplicationShutdown {
  private readonly forClients = new ChangeGatherer(TELL_CLIENTS_EVERY_MS);
  private readonly forReplicas = new ChangeGatherer(TELL_REPLICAS_EVERY_MS);

  constructor(private readonly replicas: Replicas) {}

  onModuleInit(): void {
    this.forReplicas.start((gathered) => {
      for (const message of packChanges(gathered)) this.replicas.tell(TOPIC, message);
    });
    this.replicas.hear(TOPIC, {
      onMessage: (message) => this.noteOfOthers(unpackChanges(message)),
      onMissed: () => this.forClients.noteMore(),
    });
  }

  onApplicationShutdown(): void {
    this.forReplicas.stop();
  }

  /** Begins to tell, until `stop`. */
  start(listener: (gathered: GatheredChanges) => void): void {
    this.forClients.start(listener);
  }

  stop(): void {
    this.forClients.stop();
  }

  /** To be called after the change has been committed. */
  note(id: number, project: string, kind: ErrorChangeKind): void {
    this.forClients.note(id, project, kind);
    this.forReplicas.note(id, project, kind);
  }

  private noteOfOthers({ changes, more }: GatheredChanges): void {
    for (const { id, project, kind } of changes) this.forClients.note(id, project, kind);
    if (more) this.forClients.noteMore();
  }
}
