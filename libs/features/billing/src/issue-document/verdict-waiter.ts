import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { Notifications } from '@getupnet/persistence';

/** Behind the notification: a lost connection costs this much, never the answer. */
const POLL_MS = 1_000;

/** Wakes requests that wait for a verdict; carries ids only, the caller reads the document itself. */
@Injectable()
export class VerdictWaiter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private stop: (() => Promise<void>) | null = null;

  constructor(@Inject(Notifications) private readonly notifications: Notifications) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stop = await this.notifications.listen('document_final', (id) => this.wake(id));
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const id of [...this.waiting.keys()]) this.wake(id);
    await this.stop?.();
  }

  /**
   * Resolves to what `look` answers as soon as that is not null, or to null at the deadline. Looks
   * once before waiting, at each notification, and now and then in between.
   */
  async until<T>(id: string, deadline: number, look: () => Promise<T | null>): Promise<T | null> {
    for (;;) {
      const pause = this.pause(id, Math.min(POLL_MS, deadline - performance.now()));
      const seen = await look();
      if (seen !== null || performance.now() >= deadline) {
        pause.cancel();
        return seen;
      }
      await pause.over;
    }
  }

  /** Armed before the look, so that a verdict between look and wait is not missed. */
  private pause(id: string, mostMs: number): { over: Promise<void>; cancel: () => void } {
    let cancel = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      cancel = () => {
        clearTimeout(timer);
        this.forget(id, cancel);
        resolve();
      };
      const timer = setTimeout(() => cancel(), Math.max(0, mostMs));
      this.waiting.set(id, (this.waiting.get(id) ?? new Set()).add(cancel));
    });
    return { over, cancel: () => cancel() };
  }

  private forget(id: string, waker: () => void): void {
    const set = this.waiting.get(id);
    set?.delete(waker);
    if (set?.size === 0) this.waiting.delete(id);
  }

  private wake(id: string): void {
    for (const done of [...(this.waiting.get(id) ?? [])]) done();
  }
}
