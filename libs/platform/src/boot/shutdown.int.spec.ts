import { Controller, Injectable, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import { Readiness } from '../health/readiness.js';
import { start } from '../test-support.js';
import { Lifecycle } from './lifecycle.js';

class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;
  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

test('close: drain signal, requests under way finish, then workers, then pools', async () => {
  const events: string[] = [];
  const entered = new Gate();
  const release = new Gate();

  @Controller()
  class SlowController {
    constructor(private readonly lifecycle: Lifecycle) {}

    @Endpoint('GET', '/slow', { listener: 'public', scope: 'PUBLIC', summary: 'test' })
    async slow(): Promise<object> {
      this.lifecycle.draining.addEventListener('abort', () => events.push('drain'));
      entered.open();
      await release.opened;
      events.push('answered');
      return { done: true };
    }
  }
  @Injectable()
  class Worker implements BeforeApplicationShutdown {
    beforeApplicationShutdown(): void {
      events.push('worker');
    }
  }
  @Injectable()
  class Pool implements OnApplicationShutdown {
    onApplicationShutdown(): void {
      events.push('pool');
    }
  }
  @Module({ controllers: [SlowController], providers: [Worker, Pool] })
  class SlowModule {}

  const services = await start([SlowModule]);
  const slow = fetch(`${services.publicUrl}/slow`);
  await entered.opened;
  const closing = services.close();
  expect(services.close()).toBe(closing);
  expect(events).toEqual(['drain']);
  await expect(fetch(`${services.publicUrl}/healthz`)).rejects.toThrow();
  release.open();
  const answer = await slow;
  expect(answer.status).toBe(200);
  expect(answer.headers.get('connection')).toBe('close');
  await closing;
  expect(events).toEqual(['drain', 'answered', 'worker', 'pool']);
  await expect(fetch(`${services.internalUrl}/readyz`)).rejects.toThrow();
});

test('/readyz says no before the listeners stop accepting', async () => {
  const services = await start([], { env: { SHUTDOWN_DELAY_MS: '4000' } });
  expect((await fetch(`${services.internalUrl}/readyz`)).status).toBe(200);
  const closing = services.close();
  const answer = await fetch(`${services.internalUrl}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ ready: false });
  await closing;
});

test('/readyz names the checks that fail, and logs why', async () => {
  @Injectable()
  class Checks {
    constructor(readiness: Readiness) {
      readiness.register({ name: 'postgres', check: () => Promise.resolve() });
      readiness.register({ name: 'queue', check: () => Promise.reject(new Error('refused')) });
    }
  }
  @Module({ providers: [Checks] })
  class ChecksModule {}
  const services = await start([ChecksModule]);
  const answer = await fetch(`${services.internalUrl}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    ready: false,
    checks: { postgres: 'ok', queue: 'failed' },
  });
  expect(services.lines()).toContainEqual(
    expect.objectContaining({ level: 'warn', indicator: 'queue' }),
  );
  await services.close();
});
