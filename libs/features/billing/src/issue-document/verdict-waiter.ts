import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { Notifications } from '@getupnet/persistence';
import { Lifecycle } from '@getupnet/platform';

/** Behind the notification: a lost connection costs this much, never the answer. */
const POLL_MS = 1_000;

/** Rings when something final was announced about one document. */
export interface Alarm {
  /** Until it rings, `mostMs` are over, or it is time to look by oneself. */
  next(mostMs: number): Promise<void>;
  disarm(): void;
}

/** Wakes requests that wait for a verdict; carries ids only, the caller reads the document itself. */
@Injectable()
export class VerdictWaiter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly alarms = new Map<string, Set<() => void>>();
  private stop: (() => Promise<void>) | null = null;

  constructor(
    @Inject(Notifications) private readonly notifications: Notifications,
    private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.draining.addEventListener('abort', () => this.ringAll());
  }

  /** The process is about to stop: whoever waits answers with what there is. */
  get closing(): boolean {
    return this.lifecycle.draining.aborted;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stop = await this.notifications.listen('document_final', (id) => this.ring(id));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /**
   * From now on no announcement about the document is missed, also one that comes before anybody
   * waits. Disarm it in the end.
   */
  arm(id: string): Alarm {
    let rung = false;
    let over: (() => void) | null = null;
    const ring = () => {
      rung = true;
      over?.();
    };
    this.alarms.set(id, (this.alarms.get(id) ?? new Set()).add(ring));
    return {
      next: async (mostMs) => {
        if (!rung) await pause(Math.min(mostMs, POLL_MS), (end) => (over = end));
        rung = false;
        over = null;
      },
      disarm: () => this.forget(id, ring),
    };
  }

  private forget(id: string, ring: () => void): void {
    const rings = this.alarms.get(id);
    rings?.delete(ring);
    if (rings?.size === 0) this.alarms.delete(id);
  }

  private ringAll(): void {
    for (const id of this.alarms.keys()) this.ring(id);
  }

  private ring(id: string): void {
    for (const ring of this.alarms.get(id) ?? []) ring();
  }
}

/** Settles after `ms`, or as soon as the function given to `take` is called. */
function pause(ms: number, take: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms));
    take(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
