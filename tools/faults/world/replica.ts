import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startServiceProcess, type ServiceProcess } from '../../split/service-process.js';
import type { Turnstile } from './turnstile.js';

/** How a process came to its end. */
export interface Ending {
  readonly replica: string;
  /** Its life's number, from 1. */
  readonly life: number;
  readonly signal: string | null;
  readonly code: number | null;
  /** We killed it from outside. */
  readonly killed: boolean;
}

export interface ReplicaSpec {
  /** `billing-worker-2`. */
  readonly name: string;
  /** `billing-worker`: what both replicas are. */
  readonly kind: string;
  /** Compiled entry. */
  readonly entry: string;
  /** Of each life anew: crash points are armed here. */
  readonly env: () => Readonly<Record<string, string>>;
}

export interface ReplicaHooks {
  /** Before a life listens: how many are started at once is limited. */
  readonly turnstile: Turnstile;
  readonly logDir: string;
  onUp(replica: Replica): void;
  onEnd(ending: Ending): void;
}

const RESTART_AFTER_MS = 150;

/** One process of the platform that comes back to life whenever it ends, as under an orchestrator. */
export class Replica {
  lives = 0;
  frozen = false;
  #process: ServiceProcess | null = null;
  #retired = false;
  #killed = false;
  #loop: Promise<void> | null = null;

  constructor(
    private readonly spec: ReplicaSpec,
    private readonly hooks: ReplicaHooks,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  get kind(): string {
    return this.spec.kind;
  }

  get isUp(): boolean {
    return this.#process !== null && !this.#killed;
  }

  get urls(): { readonly publicUrl: string; readonly internalUrl: string } | null {
    return this.#process;
  }

  /** Settles when it listens for the first time. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#loop ??= this.#live(resolve);
    });
  }

  /** SIGKILL; false when there is nothing to kill just now. */
  kill(): boolean {
    if (this.#process === null || this.#killed) return false;
    this.#killed = true;
    return this.#process.process.kill('SIGKILL');
  }

  /** SIGSTOP, and SIGCONT after a while; a killed one stays dead. */
  async freeze(ms: number): Promise<boolean> {
    const victim = this.#process;
    if (victim === null || this.frozen) return false;
    this.frozen = true;
    victim.process.kill('SIGSTOP');
    await pause(ms);
    victim.process.kill('SIGCONT');
    this.frozen = false;
    return true;
  }

  /** At the end of our own process: nobody stays behind. */
  abandon(): void {
    this.#retired = true;
    this.#process?.process.kill('SIGKILL');
  }

  /** Ends it for good, with SIGTERM. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#process?.process.kill('SIGCONT');
    await this.#process?.stop();
    await this.#loop;
  }

  async #live(firstUp: () => void): Promise<void> {
    while (!this.#retired) {
      const life = (this.lives += 1);
      const release = await this.hooks.turnstile.enter();
      const started = await this.#launch(life).finally(release);
      if (started === null) {
        await pause(RESTART_AFTER_MS);
        continue;
      }
      this.#process = started;
      this.#killed = false;
      firstUp();
      this.hooks.onUp(this);
      const { process } = started;
      if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
      this.#process = null;
      const { signalCode: signal, exitCode: code } = process;
      this.hooks.onEnd({ replica: this.name, life, signal, code, killed: this.#killed });
      if (!this.#retired) await pause(RESTART_AFTER_MS);
    }
  }

  /** Null when it ended before it listened: its database may just be down. */
  async #launch(life: number): Promise<ServiceProcess | null> {
    if (this.#retired) return null;
    const logFile = join(this.hooks.logDir, `${this.name}.${life}.log`);
    try {
      const { entry, env } = this.spec;
      return await startServiceProcess({ entry, env: env(), logFile, quick: true });
    } catch (error) {
      const ending = { replica: this.name, life, signal: null, code: null, killed: false };
      if (!(error instanceof Error)) throw error;
      this.hooks.onEnd(ending);
      return null;
    }
  }
}
